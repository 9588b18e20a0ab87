package io.github.vaultlambda.benchmarks.extension;

/** Which figures stand side by side. */
enum ExtensionTable {
    PROCESS("Its process, and what is uploaded", false),
    CACHED("Reads of one secret from the proxy's cache", true),
    PASSED("Reads of one secret through the proxy, each of them asked of Vault", true),
    REQUESTS("Requests to Vault for 1,000 invocations that read three secrets each", true);

    private final String title;
    private final boolean withVaultItself;

    ExtensionTable(String title, boolean withVaultItself) {
        this.title = title;
        this.withVaultItself = withVaultItself;
    }

    String title() {
        return title;
    }

    /** Whether the same without any extension can stand beside. */
    boolean isWithVaultItself() {
        return withVaultItself;
    }
}
