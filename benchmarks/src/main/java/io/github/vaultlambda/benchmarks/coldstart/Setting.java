package io.github.vaultlambda.benchmarks.coldstart;

import java.util.List;

/** How the JVMs of measured programs run. */
enum Setting {
    /** As in Lambda's Java runtime, beside which the JDK's own archive of classes (CDS) is used. */
    ARCHIVE("", "with the JDK's class archive"),
    /** All classes are parsed. */
    NO_ARCHIVE("-no-archive", "without a class archive (-Xshare:off)"),
    /** What a function of 128 MB gets: one processor comes with 1,769 MB. */
    SMALL("-small", "with 0.072 of a processor, as a function of 128 MB has");

    /** The processor time of {@link #SMALL}, for each second. */
    static final double SMALL_SHARE = 128.0 / 1769;

    private final String suffix;
    private final String title;

    Setting(String suffix, String title) {
        this.suffix = suffix;
        this.title = title;
    }

    /** What the names of its files end with. */
    String suffix() {
        return suffix;
    }

    String title() {
        return title;
    }

    /** Further flags of the JVM. */
    List<String> flags() {
        return this == NO_ARCHIVE ? List.of("-Xshare:off") : List.of();
    }
}
