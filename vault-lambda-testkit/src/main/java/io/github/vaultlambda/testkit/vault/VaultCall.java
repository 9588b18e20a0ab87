package io.github.vaultlambda.testkit.vault;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, decoded.
 *
 * @param operation what it wants
 * @param path the path after {@code /v1/}; a list ends in a slash
 * @param fields body or query fields
 * @param wrapSeconds how long its answer shall wait in a wrapping token; zero for no wrapping
 * @param token the caller; null for requests without login
 * @param tls whether it came over TLS
 * @param peerCertificates the client's certificates of the TLS connection, its own first; empty without
 */
record VaultCall(
        Operation operation,
        String path,
        Fields fields,
        long wrapSeconds,
        @Nullable TokenEntry token,
        boolean tls,
        List<X509Certificate> peerCertificates) {
    /** The caller; only on paths that need one. */
    TokenEntry caller() throws VaultFailure {
        if (token == null) {
            throw new VaultFailure(403, List.of("permission denied"));
        }
        return token;
    }

    VaultCall by(TokenEntry caller) {
        return new VaultCall(operation, path, fields, wrapSeconds, caller, tls, peerCertificates);
    }
}
