package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a secret, and perhaps one field of it. As text:
 *
 * <pre>
 * path[?name=value&amp;name=value][#field]
 *
 * secret/data/orders/db                                    a whole secret
 * secret/data/orders/db#password                           one field
 * secret/data/orders/db#tls.key                            a field within a field
 * secret/data/orders/db?version=3                          a fixed version (KV v2)
 * database/creds/orders                                    credentials made for this reader, with a lease
 * pki/issue/web?common_name=a.example.com&amp;ttl=1h           parameters: sent as the body of a POST
 * </pre>
 *
 * <p>The path is the one of Vault's HTTP API, below {@code /v1/}. These names mean something of their own:
 *
 * <ul>
 *   <li>{@code version}: the version of a KV v2 secret, from 1;
 *   <li>{@code kv}: the version of the KV engine, 1 or 2, where it shall not be found out;
 *   <li>{@code wrap_ttl}: asks for a wrapped answer, which is unwrapped at once: for policies that demand wrapping. Seconds, or a
 *       whole number with {@code s}, {@code m} or {@code h}.
 * </ul>
 *
 * <p>Every other name is a parameter for the engine. Values are percent-decoded, and a plus sign stays one. Immutable and
 * thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret">Vault: secrets engines, HTTP API</a>
 */
public final class SecretReference {
    private final Source source;
    private final @Nullable String field;

    private SecretReference(Source source, @Nullable String field) {
        this.source = source;
        this.field = field;
    }

    /**
     * What is read from Vault by one request; several fields of one secret share it. Immutable and thread-safe.
     *
     * <p>No record: a record's own {@code equals} and {@code hashCode} are made by method handles at first use, in the middle of a
     * cold start.
     */
    static final class Source {
        private final String path;
        private final int version;
        private final int kv;
        private final long wrapSeconds;
        private final @Nullable Map<String, String> parameters;
        private final int hash;

        private Source(String path, int version, int kv, long wrapSeconds, @Nullable Map<String, String> parameters) {
            this.path = path;
            this.version = version;
            this.kv = kv;
            this.wrapSeconds = wrapSeconds;
            this.parameters = parameters;
            int sum = path.hashCode() * 31 + version;
            sum = sum * 31 + kv;
            sum = sum * 31 + (int) wrapSeconds;
            this.hash = parameters == null ? sum : sum * 31 + parameters.hashCode() + 1;
        }

        /** The path below {@code /v1/}, as the reference names it. */
        String path() {
            return path;
        }

        /** The version asked for, or null for the newest. */
        @Nullable
        Integer version() {
            return version == 0 ? null : Integer.valueOf(version);
        }

        /** The version of the KV engine, 1 or 2; 0 when it is to be found out. */
        int kv() {
            return kv;
        }

        /** Whether it is read by a POST. */
        boolean isPost() {
            return parameters != null;
        }

        /** The request to the path that was found to be the right one. */
        VaultRequest request(String path) {
            VaultRequest request = parameters == null ? VaultRequest.get(path) : VaultRequest.post(path, body());
            if (version != 0) {
                request = request.withQuery("version", Integer.toString(version));
            }
            return wrapSeconds == 0 ? request : request.withWrapTtl(Duration.ofSeconds(wrapSeconds));
        }

        private SecretValue body() {
            Map<String, SecretValue> fields = new LinkedHashMap<>();
            if (parameters != null) {
                for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                    fields.put(parameter.getKey(), SecretValue.of(parameter.getValue()));
                }
            }
            return SecretValue.of(fields);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Source that
                            && hash == that.hash
                            && version == that.version
                            && kv == that.kv
                            && wrapSeconds == that.wrapSeconds
                            && path.equals(that.path)
                            && Objects.equals(parameters, that.parameters));
        }

        @Override
        public int hashCode() {
            return hash;
        }

        /** The path and the names of the parameters; never their values, which may be secrets. */
        @Override
        public String toString() {
            if (version == 0 && kv == 0 && wrapSeconds == 0 && parameters == null) {
                return path;
            }
            StringBuilder text = new StringBuilder(path);
            if (version != 0) {
                next(text).append("version=").append(version);
            }
            if (kv != 0) {
                next(text).append("kv=").append(kv);
            }
            if (wrapSeconds != 0) {
                next(text).append("wrap_ttl=").append(wrapSeconds).append('s');
            }
            if (parameters != null) {
                for (String name : parameters.keySet()) {
                    next(text).append(name).append("=...");
                }
            }
            return text.toString();
        }

        private StringBuilder next(StringBuilder text) {
            return text.append(text.length() == path.length() ? '?' : '&');
        }
    }

    /**
     * Reads a reference in its text form. Leading slashes and a leading {@code v1/} are dropped.
     *
     * @throws IllegalArgumentException when it is malformed; the message says what to write, and leaves out the values of
     *     parameters
     */
    public static SecretReference parse(String reference) {
        Objects.requireNonNull(reference, "reference");
        try {
            return ReferenceText.parse(reference);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + ReferenceText.shown(reference) + "\" is no reference to a secret: " + e.getMessage()
                            + "; write one such as secret/data/orders/db#password",
                    null);
        }
    }

    /**
     * A reference by its parts, for what a program composes: nothing of it has to be encoded.
     *
     * @param path the path below {@code /v1/}, such as {@code pki/issue/web}
     */
    public static Builder builder(String path) {
        return new Builder(path);
    }

    Source source() {
        return source;
    }

    /** The path below {@code /v1/}, as it was given. */
    public String path() {
        return source.path;
    }

    /** The field's name, or null when the reference means the whole secret. */
    public @Nullable String field() {
        return field;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretReference that && source.equals(that.source) && Objects.equals(field, that.field);
    }

    @Override
    public int hashCode() {
        return source.hash * 31 + (field == null ? 0 : field.hashCode());
    }

    /** The reference in its text form; of parameters their names alone, never their values. */
    @Override
    public String toString() {
        return field == null ? source.toString() : source + "#" + field;
    }

    /** Makes a {@link SecretReference} of its parts. For one thread. */
    public static final class Builder {
        private final String path;
        private int version;
        private int kv;
        private long wrapSeconds;
        private @Nullable Map<String, String> parameters;
        private @Nullable String field;

        private Builder(String path) {
            this.path = Objects.requireNonNull(path, "path");
        }

        /**
         * This version of a KV v2 secret instead of the newest.
         *
         * @param number from 1
         */
        public Builder version(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("version=N has N from 1");
            }
            version = number;
            return this;
        }

        /**
         * The version of the KV engine, where it shall not be found out: of version 1 an answer is taken as it is, of version 2 the
         * path gets its {@code data/} and the answer is taken apart.
         *
         * @param number 1 or 2
         */
        public Builder kv(int number) {
            if (number != 1 && number != 2) {
                throw new IllegalArgumentException("kv=N has 1 or 2 as N");
            }
            kv = number;
            return this;
        }

        /**
         * Asks for a wrapped answer, which is unwrapped at once: for policies that demand wrapping.
         *
         * @param ttl how long the wrapped answer is to live, one second at least
         * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/response-wrapping">Vault: response wrapping</a>
         */
        public Builder wrapTtl(Duration ttl) {
            wrapSeconds = ttl.getNano() == 0 ? ttl.getSeconds() : ttl.getSeconds() + 1;
            if (ttl.getSeconds() < 1 || wrapSeconds > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("wrap_ttl is one second at least, and not " + ttl);
            }
            return this;
        }

        /**
         * A parameter for the engine. The secret is then read by a POST.
         *
         * @param value may be a secret; it is shown nowhere
         */
        public Builder parameter(String name, String value) {
            post();
            Map<String, String> all = Objects.requireNonNull(parameters);
            if (name.isBlank()) {
                throw new IllegalArgumentException("a parameter has no name");
            }
            if (all.put(name, Objects.requireNonNull(value, "value")) != null) {
                throw new IllegalArgumentException("the parameter " + name + " is there twice");
            }
            return this;
        }

        /** Reads by a POST, also without parameters: for paths that make something. */
        public Builder post() {
            if (parameters == null) {
                parameters = new LinkedHashMap<>();
            }
            return this;
        }

        /** One field of the secret; {@code a.b} is the field b within the field a. */
        public Builder field(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("there is no field after #");
            }
            ReferenceText.checkCharacters(name);
            field = name;
            return this;
        }

        /**
         * The reference.
         *
         * @throws IllegalArgumentException when the path is none, or the parts do not go together
         */
        public SecretReference build() {
            String clean = ReferenceText.path(path);
            if (parameters != null && (version != 0 || kv != 0)) {
                throw new IllegalArgumentException(
                        "version and kv belong to reading a KV secret, and other parameters make it a POST");
            }
            if (version != 0 && kv == 1) {
                throw new IllegalArgumentException("a KV v1 engine has no versions");
            }
            return new SecretReference(
                    new Source(
                            clean,
                            version,
                            kv,
                            wrapSeconds,
                            parameters == null ? null : new LinkedHashMap<>(parameters)),
                    field);
        }
    }
}
