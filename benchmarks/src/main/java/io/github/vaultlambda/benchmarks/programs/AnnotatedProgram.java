package io.github.vaultlambda.benchmarks.programs;

/** Reads one field with an annotated handler, made as Lambda makes it, in its first invocation. */
final class AnnotatedProgram {
    private AnnotatedProgram() {}

    /** Takes the moment of the JVM's start. */
    @SuppressWarnings("NullAway") // the invocation has no context, so no limit of time
    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        String value = new OneSecretWithVault().handleRequest("event", null);
        Measured.report(arguments, begin, value);
    }
}
