package io.github.vaultlambda.benchmarks.programs;

import io.github.vaultlambda.secrets.VaultSecrets;

/** Reads one field with the library, configured as a Lambda function is. */
final class LibraryProgram {
    private LibraryProgram() {}

    /** Takes the moment of the JVM's start. */
    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        String value = VaultSecrets.fromEnvironment(System.getenv())
                .secret("secret/data/orders/db#password")
                .get();
        Measured.report(arguments, begin, value);
    }
}
