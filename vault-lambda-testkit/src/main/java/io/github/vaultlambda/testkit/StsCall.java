package io.github.vaultlambda.testkit;

/**
 * One request that {@link StsEmulator} answered; holds no secret.
 *
 * @param action the Action field, such as {@code GetCallerIdentity}; empty without one
 * @param principalArn who signed it; empty when the signature was refused
 * @param status the HTTP status of the answer; 0 when the connection was dropped
 */
public record StsCall(String action, String principalArn, int status) {}
