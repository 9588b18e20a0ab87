package io.github.vaultlambda.benchmarks.report;

/** A picture of figures. */
public interface Chart {
    /** Its part of the file's name, such as {@code https}. */
    String name();

    /** The whole picture, which stands for itself: no script, no font, nothing from elsewhere. */
    String svg();
}
