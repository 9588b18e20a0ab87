package io.github.vaultlambda.benchmarks;

/** What is compared between programs, besides their classes. */
enum Figure {
    START_TO_VALUE("startToValueMillis"),
    IN_MAIN("inMainMillis"),
    CPU("cpuMillis"),
    PEAK("peakMegabytes");

    private final String label;

    Figure(String label) {
        this.label = label;
    }

    /** Its name in JSON, unit included. */
    String label() {
        return label;
    }

    double of(Measured run) {
        return switch (this) {
            case START_TO_VALUE -> run.fromStart();
            case IN_MAIN -> run.inMain();
            case CPU -> run.cpu();
            case PEAK -> run.peakKilobytes() / 1024.0;
        };
    }
}
