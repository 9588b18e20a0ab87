package io.github.vaultlambda.testkit;

/**
 * One request that {@link ProxyEmulator} answered; holds no secret.
 *
 * @param method {@code CONNECT} for a tunnel, otherwise the method of the request
 * @param target host and port of a tunnel; otherwise the whole URL as sent
 * @param user who the client said it is, with the right password; empty without
 * @param status HTTP status of the proxy's answer; 200 for a tunnel that was opened
 */
public record ProxyCall(String method, String target, String user, int status) {}
