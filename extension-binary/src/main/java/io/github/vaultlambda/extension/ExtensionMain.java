package io.github.vaultlambda.extension;

import java.util.Map;

/** The program. Reads its environment once, here; everything else is told. */
public final class ExtensionMain {
    private ExtensionMain() {}

    /**
     * Runs until Lambda shuts the execution environment down.
     *
     * <p>Exit code 0 after an orderly shutdown, 1 after a failure that a line on standard error names.
     */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        LogSetup.apply(environment);
        String name = System.getProperty("vaultlambda.extension.name", "vault-lambda-extension");
        System.exit(Extension.run(environment, name, ExtensionMain::atEnd));
    }

    /** Lambda ends a process with SIGTERM where there is time for it: the same orderly stop then. */
    private static void atEnd(Runnable work) {
        Runtime.getRuntime().addShutdownHook(new Thread(work, "shutdown"));
    }
}
