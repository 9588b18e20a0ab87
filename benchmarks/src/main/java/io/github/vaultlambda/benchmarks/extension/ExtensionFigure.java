package io.github.vaultlambda.benchmarks.extension;

/** What is compared between extensions. */
enum ExtensionFigure {
    START(ExtensionTable.PROCESS, "start to its first event", "ms", 1.0),
    IDLE(ExtensionTable.PROCESS, "resident after the start", "MB"),
    BUSY(ExtensionTable.PROCESS, "resident after 1,000 reads", "MB"),
    SIZE(ExtensionTable.PROCESS, "zipped", "MB"),
    CACHED_RATE(ExtensionTable.CACHED, "on 1 connection", "reads/s", 1.0),
    CACHED_P50(ExtensionTable.CACHED, "median on 1 connection", "µs", 1.0),
    CACHED_P99(ExtensionTable.CACHED, "99 of 100 on 1 connection", "µs"),
    CACHED_RATE_16(ExtensionTable.CACHED, "on 16 connections", "reads/s", 1.0),
    CACHED_P50_16(ExtensionTable.CACHED, "median on 16 connections", "µs"),
    RATE(ExtensionTable.PASSED, "on 1 connection", "reads/s"),
    P50(ExtensionTable.PASSED, "median on 1 connection", "µs"),
    OVERHEAD(ExtensionTable.PASSED, "longer than a direct read in turn", "µs", 1.0),
    RATE_16(ExtensionTable.PASSED, "on 16 connections", "reads/s"),
    REQUESTS(ExtensionTable.REQUESTS, "by default", ""),
    CACHED_REQUESTS(ExtensionTable.REQUESTS, "with a cache (60 s)", "");

    private final ExtensionTable table;
    private final String title;
    private final String unit;
    private final double aim;

    ExtensionFigure(ExtensionTable table, String title, String unit) {
        this(table, title, unit, Double.NaN);
    }

    ExtensionFigure(ExtensionTable table, String title, String unit, double aim) {
        this.table = table;
        this.title = title;
        this.unit = unit;
        this.aim = aim;
    }

    ExtensionTable table() {
        return table;
    }

    /** The column's. */
    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    boolean hasAim() {
        return !Double.isNaN(aim);
    }

    /** As words, in proportion to the peer. */
    String aim() {
        return title + ' ' + (unit.equals("reads/s") ? "at least " : "at most ") + aim;
    }
}
