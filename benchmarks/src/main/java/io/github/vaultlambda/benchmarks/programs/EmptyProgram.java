package io.github.vaultlambda.benchmarks.programs;

/** Ends at once. */
final class EmptyProgram {
    private EmptyProgram() {}

    /** Takes the moment of the JVM's start. */
    public static void main(String[] arguments) {
        Measured.report(arguments, System.nanoTime(), "");
    }
}
