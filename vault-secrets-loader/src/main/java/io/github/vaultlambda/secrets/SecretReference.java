package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a secret, and perhaps one field of it: {@code secret/data/orders/db#password}, with a fixed version of a KV v2 secret
 * {@code secret/data/orders/db?version=3#password}. The path is the one of Vault's HTTP API, below {@code /v1/}. Immutable and
 * thread-safe.
 */
public final class SecretReference {
    private static final String VERSION_QUERY = "version=";

    private final Source source;
    private final @Nullable String field;

    private SecretReference(Source source, @Nullable String field) {
        this.source = source;
        this.field = field;
    }

    /**
     * What is read from Vault in one request; several fields of one secret share it.
     *
     * @param path the path below {@code /v1/}
     * @param version the version asked for, or null for the newest
     */
    record Source(String path, @Nullable Integer version) {
        VaultRequest request() {
            VaultRequest request = VaultRequest.get(path);
            return version == null ? request : request.withQuery("version", version.toString());
        }

        // Written out: a record's own two are made by method handles at first use, in the middle of a cold start.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Source that && path.equals(that.path) && Objects.equals(version, that.version);
        }

        @Override
        public int hashCode() {
            return path.hashCode() + (version == null ? 0 : version);
        }

        @Override
        public String toString() {
            return version == null ? path : path + "?" + VERSION_QUERY + version;
        }
    }

    /**
     * Reads a reference. Leading slashes and a leading {@code v1/} are dropped.
     *
     * @throws IllegalArgumentException when it is malformed; the message says what to write
     */
    public static SecretReference parse(String reference) {
        String path = reference.strip();
        String field = null;
        int hash = path.indexOf('#');
        if (hash >= 0) {
            field = path.substring(hash + 1);
            path = path.substring(0, hash);
            if (field.isBlank()) {
                throw malformed(reference, "there is no field after #");
            }
        }
        Integer version = null;
        int question = path.indexOf('?');
        if (question >= 0) {
            version = version(reference, path.substring(question + 1));
            path = path.substring(0, question);
        }
        path = path.replaceAll("/{2,}", "/").replaceAll("^/", "");
        if (path.startsWith("v1/")) {
            path = path.substring("v1/".length());
        }
        if (path.isEmpty() || path.endsWith("/")) {
            throw malformed(reference, "the path of a secret is missing");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw malformed(reference, "a path has no dot segments");
            }
        }
        return new SecretReference(new Source(path, version), field);
    }

    private static Integer version(String reference, String query) {
        if (query.startsWith(VERSION_QUERY)) {
            try {
                int version = Integer.parseInt(query.substring(VERSION_QUERY.length()));
                if (version > 0) {
                    return version;
                }
            } catch (NumberFormatException e) {
                // reported below
            }
        }
        throw malformed(reference, "after ? only version=N is known, with N from 1");
    }

    private static IllegalArgumentException malformed(String reference, String why) {
        return new IllegalArgumentException("\"" + reference + "\" is no reference to a secret: " + why
                + "; write one such as secret/data/orders/db#password");
    }

    Source source() {
        return source;
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
        return Objects.hash(source, field);
    }

    /** The reference in its plain form. */
    @Override
    public String toString() {
        return field == null ? source.toString() : source + "#" + field;
    }
}
