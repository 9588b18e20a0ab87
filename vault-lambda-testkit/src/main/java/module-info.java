/** A Vault stand-in, an STS emulation and a Lambda emulator for tests without a network. */
module io.github.vaultlambda.testkit {
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.commons;
    requires static org.jspecify;

    exports io.github.vaultlambda.testkit;
    exports io.github.vaultlambda.testkit.junit;
}
