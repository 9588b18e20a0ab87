package io.github.vaultlambda.benchmarks;

/** What a fresh JVM runs: reads the field {@code password} of one secret as soon as it can. */
enum Program {
    /** Nothing: what the JVM itself costs. */
    EMPTY("empty main", EmptyProgram.class),
    /** The same two requests, written for this one purpose, without any library. */
    HAND_WRITTEN("hand-written", HandWrittenProgram.class),
    /** This library. */
    LIBRARY("library", LibraryProgram.class);

    private final String title;
    private final Class<?> main;

    Program(String title, Class<?> main) {
        this.title = title;
        this.main = main;
    }

    String title() {
        return title;
    }

    String mainClass() {
        return main.getName();
    }
}
