package io.github.vaultlambda.benchmarks.fleet;

/**
 * What a Vault can bear. Logins cost it most: each is a request of its own to STS and a write.
 *
 * @param loginsPerSecond logins and renewals of tokens
 * @param readsPerSecond all else
 * @param longestQueueSeconds a request that would have to wait longer is refused with 429; zero for a rate-limit quota of Vault's, which
 *     has no queue and takes so many requests in each second
 * @param tokenSeconds how long a token lives
 */
record Capacity(double loginsPerSecond, double readsPerSecond, double longestQueueSeconds, int tokenSeconds) {}
