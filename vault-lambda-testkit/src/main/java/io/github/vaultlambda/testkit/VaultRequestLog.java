package io.github.vaultlambda.testkit;

/**
 * One request that {@link VaultStandIn} answered; holds no secret.
 *
 * @param method HTTP method
 * @param path the path after {@code /v1/}, decoded
 * @param query the query as sent; empty without one
 * @param status HTTP status; 0 when the connection was dropped
 * @param namespace the X-Vault-Namespace header; empty without one
 * @param tokenAccessor accessor of a valid token; empty otherwise
 * @param userAgent the User-Agent header; empty without one
 * @param login whether it went to the login path of an auth method
 */
public record VaultRequestLog(
        String method,
        String path,
        String query,
        int status,
        String namespace,
        String tokenAccessor,
        String userAgent,
        boolean login) {}
