package io.github.vaultlambda.secrets;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.log.Log;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one source of secrets from Vault: finds the engine, asks, unwraps, takes the answer apart. The usual read is one request:
 * which engine it is tells the answer itself. Only when a path is refused Vault is asked who serves it, once per mount; a KV v2
 * path without {@code data/} is then read where the secret is. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2">Vault: KV v2</a>
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/system/internal-ui-mounts">Vault: sys/internal/ui/mounts</a>
 */
final class SecretReader {
    private static final Log LOG = Log.of(SecretReader.class);

    private final VaultClient client;
    private final Mounts mounts;
    private final SingleFlight<String, String> preflights = new SingleFlight<>();

    SecretReader(VaultClient client, Mounts mounts) {
        this.client = client;
        this.mounts = mounts;
    }

    /**
     * Asks Vault.
     *
     * @throws VaultException one subclass per cause; {@link SecretFormatException} when what is there is no such secret
     */
    SecretAnswer read(SecretReference reference, Deadline deadline) {
        SecretReference.Source source = reference.source();
        if (source.isPost()) {
            return ask(reference, source.path(), null, deadline);
        }
        Mount mount = mounts.find(source.path());
        if (source.version() != null && source.kv() == 0) {
            mount = versioned(reference, mount, deadline);
        }
        String path = path(source, mount);
        try {
            return ask(reference, path, mount, deadline);
        } catch (VaultException failure) { // by its status, so that a cold start need not load the subclasses
            boolean isRefused = failure.status() == 403 || failure.status() == 404;
            if (!isRefused || failure instanceof VaultLoginException) {
                throw failure;
            }
            return askElsewhere(reference, path, failure, deadline);
        }
    }

    /** Only KV v2 has versions, and asking another engine may leave a lease that nobody wants. */
    private @Nullable Mount versioned(SecretReference reference, @Nullable Mount known, Deadline deadline) {
        String path = reference.path();
        if (known == null && KvPath.hasData(path)) {
            return null;
        }
        Mount mount = known == null ? preflight(path, deadline) : known;
        if (mount == null) {
            String guess = KvPath.guess(path);
            throw new SecretFormatException(
                    "has versions only if it is a KV v2 secret" + (guess == null ? "" : "; " + guess), reference);
        }
        if (mount.kv() != 2) {
            throw new SecretFormatException("has no versions: " + mount.description(), reference);
        }
        return mount;
    }

    /** Where the secret is read, as far as it is known. */
    private static String path(SecretReference.Source source, @Nullable Mount mount) {
        if (source.kv() == 1) {
            return source.path();
        }
        if (source.kv() == 2) {
            return KvPath.withData(source.path(), mount);
        }
        return mount != null && mount.kv() == 2 ? KvPath.withData(source.path(), mount) : source.path();
    }

    /** After a refusal: whether the secret has another path, and if so what is there. */
    private SecretAnswer askElsewhere(
            SecretReference reference, String asked, VaultException failure, Deadline deadline) {
        SecretReference.Source source = reference.source();
        // A path with data/ is what KV v2 wants, unless that segment belongs to the mount: then Vault answers with a
        // warning.
        boolean isAsItShouldBe =
                KvPath.hasData(source.path()) && failure.warnings().isEmpty() && mounts.find(source.path()) == null;
        boolean isOfADeadToken = failure.getSuppressed().length > 0; // the login that was to heal it failed
        if (source.kv() == 1 || isAsItShouldBe || isOfADeadToken) {
            throw RefusedRead.ofVersion(failure, source.version());
        }
        Mount mount = preflight(source.path(), deadline);
        String path = path(source, mount);
        if (path.equals(asked)) {
            throw RefusedRead.ofVersion(RefusedRead.explain(failure, source.path(), asked, mount), source.version());
        }
        LOG.debug("{} is read at {}", source, path);
        try {
            return ask(reference, path, mount, deadline);
        } catch (VaultException again) {
            throw RefusedRead.explain(again, source.path(), path, mount);
        }
    }

    private SecretAnswer ask(SecretReference reference, String path, @Nullable Mount mount, Deadline deadline) {
        VaultResponse first = client.send(reference.source().request(path), deadline);
        VaultResponse response = first;
        if (response.data() == null) {
            SecretValue wrapping = response.body().field("wrap_info");
            SecretValue token = wrapping == null ? null : wrapping.field("token");
            if (token != null) {
                response = client.unwrap(token, deadline);
            }
        }
        SecretValue data = response.data();
        if (data == null && isBare(response.body())) {
            data = response.body();
        }
        if (data == null && response.body().fields().isEmpty()) {
            throw new VaultNotFoundException(
                    VaultFailure.of(reference + " has no content (status " + response.status() + ")")
                            .withStatus(response.status())
                            .withPath(path));
        }
        if (data == null) {
            throw new SecretFormatException("has no data: this path answers something else than a secret", reference);
        }
        return taken(reference, KvPath.mayBeVersioned(reference.source(), path, mount), response, data, first);
    }

    /** Whether an answer has nothing around its content, such as the public keys at {@code identity/oidc/.well-known/keys}. */
    private static boolean isBare(SecretValue body) {
        Map<String, SecretValue> fields = body.fields();
        return !fields.isEmpty()
                && !fields.containsKey("request_id")
                && !fields.containsKey("data")
                && !fields.containsKey("auth")
                && !fields.containsKey("wrap_info");
    }

    /** KV v2 is told by its shape: data beside metadata that counts versions. */
    private static SecretAnswer taken(
            SecretReference reference,
            boolean mayBeVersioned,
            VaultResponse response,
            SecretValue data,
            VaultResponse first) {
        if (mayBeVersioned) {
            SecretValue metadata = data.field("metadata");
            SecretValue inner = data.field("data");
            if (metadata != null
                    && inner != null
                    && inner.kind() == SecretValue.Kind.OBJECT
                    && data.fields().size() == 2
                    && metadata.field("version") != null
                    && metadata.field("created_time") != null) {
                return new SecretAnswer(response, inner, (int) metadata.number("version", 0), first);
            }
            if (reference.source().kv() == 2) {
                throw new SecretFormatException(
                        "is not the answer of a KV v2 engine, as kv=2 says: leave kv=2 out, or correct the path",
                        reference);
            }
        }
        if (reference.source().version() != null) {
            throw new SecretFormatException("has no versions: this is not the answer of a KV v2 engine", reference);
        }
        return new SecretAnswer(response, data, 0, first);
    }

    /** The mount of this path, from Vault when that may bring something new; null when it is not to be known. */
    private @Nullable Mount preflight(String path, Deadline deadline) {
        if (mounts.isWorthAsking(path)) {
            // Those of one mount wait for one question; what the first segment tells of a mount is enough for most.
            int slash = path.indexOf('/');
            String key = slash < 0 ? path : path.substring(0, slash);
            String asked = preflights.run(key, deadline, new Preflight(path, deadline));
            if (!asked.equals(path) && mounts.isWorthAsking(path)) {
                new Preflight(path, deadline).get();
            }
        }
        return mounts.find(path);
    }

    /** Asks which mount serves a path. A class and not a lambda: see {@link SecretStore}. */
    private final class Preflight implements Supplier<String> {
        private final String path;
        private final Deadline deadline;

        Preflight(String path, Deadline deadline) {
            this.path = path;
            this.deadline = deadline;
        }

        /** The path that was asked for; what Vault said stands in the mounts. */
        @Override
        public String get() {
            if (!mounts.isWorthAsking(path)) {
                return path; // another thread was quicker
            }
            try {
                VaultRequest question = VaultRequest.get("sys/internal/ui/mounts/" + path);
                mounts.learn(path, client.sendUnhealed(question, deadline).data());
            } catch (VaultException failure) {
                // The caller has a failure of its own already, which says more.
                LOG.debug("Vault does not say which engine serves {}: {}", path, failure.getMessage());
                if (failure.status() >= 400 && failure.status() < 500) {
                    mounts.refuse(path);
                }
            }
            return path;
        }
    }
}
