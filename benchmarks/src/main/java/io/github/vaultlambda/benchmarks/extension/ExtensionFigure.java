package io.github.vaultlambda.benchmarks.extension;

/** What is compared between extensions. */
enum ExtensionFigure {
    START("start to the first event, ms", 1.0),
    IDLE("resident after the start, MB", Double.NaN),
    BUSY("resident after 1,000 requests, MB", Double.NaN),
    SIZE("package, MB", Double.NaN),
    CACHED_RATE("from the cache, 1 connection, reads/s", 1.0),
    CACHED_P50("from the cache, 1 connection, p50 µs", 1.0),
    CACHED_P99("from the cache, 1 connection, p99 µs", Double.NaN),
    CACHED_RATE_16("from the cache, 16 connections, reads/s", 1.0),
    CACHED_P50_16("from the cache, 16 connections, p50 µs", Double.NaN),
    RATE("from Vault, 1 connection, reads/s", Double.NaN),
    OVERHEAD("from Vault, 1 connection, p50 over a direct one, µs", 1.0),
    RATE_16("from Vault, 16 connections, reads/s", Double.NaN),
    VAULT_REQUESTS("requests to Vault for 1,000 invocations of 3 reads", 0.1);

    private final String title;
    private final double target;

    ExtensionFigure(String title, double target) {
        this.title = title;
        this.target = target;
    }

    /** What it is, with its unit. */
    String title() {
        return title;
    }

    /** In proportion to the peer: at most this, where less is better; at least this for rates; NaN without a target. */
    double target() {
        return target;
    }
}
