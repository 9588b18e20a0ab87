package io.github.vaultlambda.testkit.sts;

/** Who signed a request, as GetCallerIdentity tells it. */
public record Caller(String arn, String userId, String account, boolean assumedRole) {}
