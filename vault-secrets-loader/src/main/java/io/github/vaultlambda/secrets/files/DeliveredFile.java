package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretState;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One file, the secret in it, and what was last written. Not thread-safe. */
final class DeliveredFile {
    private static final Log LOG = Log.of(DeliveredFile.class);
    /** After Vault could not be asked, or refused the login: so long no invocation waits in vain; doubled with each failure. */
    private static final long FIRST_PAUSE_MILLIS = 5_000;

    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final SecretFile file;
    private final SecretOptions options;
    private final FilePlace place;
    /** One of the two. */
    private final @Nullable Secret<VaultResponse> response;

    private final @Nullable Secret<SecretValue> value;

    private @Nullable Content written;
    private @Nullable Instant readAt;
    private boolean ends;
    private boolean troubled;
    private long pauseMillis;
    private long pausedAtMillis;

    DeliveredFile(SecretFile file, VaultSecrets vault) {
        this.file = file;
        SecretOptions own = file.options();
        // Read by who wants the file, and not in the background: Lambda may freeze the process as soon as he is done.
        this.options = own == null ? vault.options().withRefreshAhead(false) : own;
        this.place = new FilePlace(file.file(), file.mode());
        if (file.format() == FileFormat.RESPONSE) {
            this.response = vault.secret(file.reference(), VaultResponse.class, options);
            this.value = null;
        } else {
            this.response = null;
            this.value = vault.secret(file.reference(), SecretValue.class, options);
        }
    }

    /**
     * What a file is made of.
     *
     * @param isMissing whether there is no secret, or an empty one
     * @param document what it shows; null when there is nothing to show
     * @param leaseId the lease's id where the file shows it; otherwise null
     * @param data what tells one secret from another; in an answer there is more, which is another with each request
     */
    private record Content(
            boolean isMissing,
            @Nullable SecretValue document,
            @Nullable String leaseId,
            @Nullable SecretValue data) {
        static final Content NOTHING = new Content(true, null, null, null);

        boolean isSame(Content other) {
            return isMissing == other.isMissing
                    && Objects.equals(data, other.data)
                    && Objects.equals(leaseId, other.leaseId);
        }
    }

    SecretFile file() {
        return file;
    }

    Secret<?> secret() {
        return response != null ? response : Objects.requireNonNull(value);
    }

    /** Whether to ask for the secret is likely to need a request. */
    boolean isDue(Instant now) {
        Instant read = readAt;
        return read == null || (!ends && Duration.between(read, now).compareTo(options.ttl()) >= 0);
    }

    /** Whether Vault was out of reach a short while ago. */
    boolean isPaused(Instant now) {
        long since = now.toEpochMilli() - pausedAtMillis;
        return since >= 0 && since < pauseMillis; // a clock that was set back ends it
    }

    /**
     * Writes the file when there is something new.
     *
     * @return whether it was written
     * @throws io.github.vaultlambda.client.VaultException when the secret cannot be had
     * @throws IOException when it has not the form for this file, or the file cannot be written
     */
    boolean deliver(Deadline deadline) throws IOException {
        Content next = content(deadline);
        Content last = written;
        boolean changed = last == null || !next.isSame(last) || !place.isAsLeft();
        if (changed) {
            put(next);
            written = next;
        }
        pauseMillis = 0;
        if (troubled) {
            troubled = false;
            LOG.info("{} is fresh again", file);
        }
        return changed;
    }

    private Content content(Deadline deadline) throws IOException {
        try {
            return response != null
                    ? answer(response.state(deadline))
                    : part(Objects.requireNonNull(value).state(deadline));
        } catch (VaultNotFoundException e) {
            if (!file.isOptional()) {
                throw e;
            }
            readAt = null;
            return response == null ? Content.NOTHING : refusal(e.answer());
        }
    }

    /** What Vault says of a secret that is not there: of a deleted version its metadata, or why the path is no good one. */
    private static Content refusal(SecretValue answer) {
        SecretValue said = answer.field("data");
        if (isEmpty(said)) {
            said = answer.texts("warnings").isEmpty() ? null : answer.field("warnings");
        }
        return said == null ? Content.NOTHING : new Content(true, answer, null, said);
    }

    private Content answer(SecretState<VaultResponse> state) throws IOException {
        VaultResponse answer = state.value();
        SecretValue around = answer.data();
        SecretValue data = around == null ? answer.body() : around; // nothing around it: all of it is the secret
        SecretValue secret = state.version() == null ? data : data.field("data");
        return new Content(!read(state, secret), answer.body(), answer.leaseId(), data);
    }

    private Content part(SecretState<SecretValue> state) throws IOException {
        return read(state, state.value()) ? new Content(false, state.value(), null, state.value()) : Content.NOTHING;
    }

    /** Notes what was read; whether there is anything in it. */
    private boolean read(SecretState<?> state, @Nullable SecretValue secret) throws IOException {
        readAt = state.readAt();
        ends = state.expiresAt() != null;
        if (!isEmpty(secret)) {
            return true;
        }
        if (!file.isOptional()) {
            throw new IOException("the secret is empty");
        }
        return false;
    }

    private static boolean isEmpty(@Nullable SecretValue secret) {
        if (secret == null) {
            return true;
        }
        SecretValue.Kind kind = secret.kind(); // compared, as a switch over an enum costs a class at the first use
        return (kind == SecretValue.Kind.OBJECT && secret.fields().isEmpty())
                || (kind == SecretValue.Kind.STRING && secret.reveal().isEmpty())
                || kind == SecretValue.Kind.NULL;
    }

    private void put(Content next) throws IOException {
        byte[] bytes;
        try {
            bytes = next.document == null
                    ? FileContent.ofNothing(file.format())
                    : FileContent.of(file.format(), next.document);
        } catch (UnfitSecretException e) {
            throw new IOException(e.getMessage());
        }
        if (next.isMissing) {
            LOG.warn(
                    next.document == null
                            ? "{}: the secret is missing or empty, and so is the file"
                            : "{}: the secret is missing or empty; the file has what Vault says of it",
                    file);
        }
        if (bytes == null) {
            place.remove();
            return;
        }
        try {
            place.put(bytes);
        } catch (UnsupportedOperationException e) {
            throw new IOException("the file system knows no owner and no mode of files", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        LOG.debug("Wrote {}", file);
        if (file.format() == FileFormat.DOTENV && next.document != null) {
            tellOfAmbiguous(DotenvText.ambiguous(next.document));
        }
    }

    private void tellOfAmbiguous(List<String> names) {
        if (!names.isEmpty()) {
            LOG.info("{}: a shell reads {} as it is, but not every dotenv library does", file, names);
        }
    }

    /** Notes that a refresh failed: the file stays as it is. */
    void failed(Exception failure, long nowMillis) {
        if (failure instanceof VaultUnavailableException || failure instanceof VaultLoginException) {
            pauseMillis = pauseMillis == 0 ? FIRST_PAUSE_MILLIS : Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
            pausedAtMillis = nowMillis;
        } else {
            pauseMillis = 0;
        }
        if (!troubled) {
            troubled = true;
            LOG.warn("{} cannot be refreshed, and stays as it is: {}", file, failure.getMessage());
        }
    }

    /** Knows nothing of what was written, so that the next delivery writes the file anew. */
    void forget() {
        written = null;
        readAt = null;
        pauseMillis = 0;
    }

    /** Overwrites and deletes the file. */
    void shred() throws IOException {
        place.shred();
    }
}
