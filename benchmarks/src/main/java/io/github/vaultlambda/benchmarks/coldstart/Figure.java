package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.Measured;

/** What is compared between programs, besides their classes. */
enum Figure {
    /** Milliseconds, as the next two. */
    START_TO_VALUE,
    IN_MAIN,
    CPU,
    /** Resident memory at its peak, in units of 10^6 bytes. */
    PEAK;

    double of(Measured run) {
        return switch (this) {
            case START_TO_VALUE -> run.fromStart();
            case IN_MAIN -> run.inMain();
            case CPU -> run.cpu();
            case PEAK -> run.peakKilobytes() * 1024 / 1e6;
        };
    }
}
