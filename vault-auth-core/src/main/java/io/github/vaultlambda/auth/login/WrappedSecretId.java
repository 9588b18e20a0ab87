package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A secret id that is handed over inside a wrapping token: unwrapped once and kept for as long as the source gives the same
 * token. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/response-wrapping">Vault: response wrapping</a>
 */
final class WrappedSecretId {
    private static final String LOOKUP = "sys/wrapping/lookup";
    private static final String UNWRAP = "sys/wrapping/unwrap";

    private final SecretSource source;
    private final @Nullable String expectedPath;
    /** Held over the network on purpose: whoever comes second would find the wrapping token used. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable SecretValue token;
    private @Nullable SecretValue secretId;
    private Fate fate = Fate.FRESH;

    /** What became of the token in hand. */
    private enum Fate {
        FRESH,
        /** It was sent to be unwrapped and the answer got lost, so it may be used up by that. */
        ANSWER_LOST,
        /** It was unwrapped here, and the secret id is kept or was forgotten on demand. */
        UNWRAPPED
    }

    WrappedSecretId(SecretSource source, AppRoleOptions options) {
        this.source = source;
        this.expectedPath = options.wrappingPath();
    }

    SecretValue secretId(VaultEndpoint vault, Deadline deadline) {
        boolean locked = false;
        try {
            locked = lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!locked) {
            throw new VaultUnavailableException(
                    VaultFailure.of("The secret id was not unwrapped in time by another thread")
                            .withPath(UNWRAP));
        }
        try {
            SecretValue current = source.secret(deadline);
            if (!current.equals(token)) {
                token = current;
                secretId = null;
                fate = Fate.FRESH;
            }
            SecretValue known = secretId;
            if (known == null) {
                known = unwrap(vault, VaultTokens.given(current, "that wraps the secret id"), deadline);
                secretId = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    void forget() {
        lock.lock();
        try {
            secretId = null; // the token stays, to tell why it cannot be used again
        } finally {
            lock.unlock();
        }
    }

    private SecretValue unwrap(VaultEndpoint vault, VaultToken wrapping, Deadline deadline) {
        if (fate == Fate.UNWRAPPED) {
            throw new VaultLoginException(VaultFailure.of(
                            "The unwrapped secret id was forgotten, and its wrapping token is used")
                    .withPath(UNWRAP)
                    .withHint("after a snapshot or on demand nothing secret is kept: provide a fresh wrapping token"));
        }
        if (expectedPath != null) {
            checkOrigin(vault, expectedPath, wrapping.value(), deadline);
        }
        VaultResponse response;
        try {
            // Not to be repeated: the second answer would say that the token is used.
            response = vault.sendOnce(VaultRequest.post(UNWRAP, SecretValue.of(Map.of())), wrapping, deadline);
        } catch (VaultUnavailableException e) {
            int status = e.status();
            if (status != 412 && status != 429 && status != 503) { // with these Vault says that it did nothing
                fate = Fate.ANSWER_LOST;
            }
            throw e;
        } catch (VaultException e) {
            throw refused(e, wrapping.value());
        }
        fate = Fate.UNWRAPPED;
        SecretValue data = response.data();
        String text = data == null ? null : data.text("secret_id");
        if (text == null || text.isEmpty()) {
            throw new VaultLoginException(VaultFailure.of("The wrapping token wraps no secret id")
                    .withStatus(response.status())
                    .withPath(UNWRAP)
                    .withHint("it must come from the endpoint secret-id of an AppRole"
                            + " (vault write -wrap-ttl=10m -f auth/approle/role/<name>/secret-id); it is used up now"));
        }
        return SecretValue.of(text);
    }

    /** Refuses a wrapping token that something else made: who gives it to us may have put a secret id of his own into it. */
    private void checkOrigin(VaultEndpoint vault, String expected, SecretValue wrapping, Deadline deadline) {
        VaultResponse response;
        try {
            response = vault.send(
                    VaultRequest.repeatablePut(LOOKUP, SecretValue.of(Map.of("token", wrapping))), null, deadline);
        } catch (VaultException e) {
            throw refused(e, wrapping);
        }
        SecretValue data = response.data();
        String path = data == null ? null : data.text("creation_path");
        if (path == null || !LoginMount.tidy(path).equals(expected)) {
            throw new VaultLoginException(VaultFailure.of("The token that wraps the secret id was made by "
                            + (path == null ? "an unknown path" : path) + ", not by " + expected
                            + "; it was not unwrapped")
                    .withStatus(response.status())
                    .withPath(LOOKUP)
                    .withHint("somebody may have replaced it: find out who handed it over, or correct"
                            + " VAULT_APPROLE_SECRET_ID_WRAPPING_PATH"));
        }
    }

    private VaultException refused(VaultException failure, SecretValue wrapping) {
        Refusal refusal = new Refusal(failure, "the token that wraps the secret id", "sys", wrapping);
        if (!refusal.says("wrapping token is not valid or does not exist") && !refusal.isDenied()) {
            return refusal.exception(null);
        }
        return refusal.exception(
                fate == Fate.ANSWER_LOST
                        ? "an earlier request to unwrap it got no answer and may have used it up: provide a fresh one"
                        : "it has expired or has been used already. When its time was not over, somebody else may have"
                                + " unwrapped it and may have the secret id: find out who, and destroy that secret id; then"
                                + " provide a fresh one");
    }
}
