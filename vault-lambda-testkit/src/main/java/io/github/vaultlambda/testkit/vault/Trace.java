package io.github.vaultlambda.testkit.vault;

/** What is recorded of a request; holds no secret. */
public record Trace(
        String method,
        String path,
        String query,
        int status,
        String namespace,
        String accessor,
        String userAgent,
        boolean login) {}
