/**
 * Configuration, login, token life cycle and the one HTTP path to Vault.
 *
 * <p>Packages point downward: {@code auth} uses {@code client}, {@code client} uses {@code config}.
 */
module io.github.vaultlambda.auth {
    requires org.slf4j;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports io.github.vaultlambda.auth;
    exports io.github.vaultlambda.client;
    exports io.github.vaultlambda.config;
    exports io.github.vaultlambda.client.internal to
            io.github.vaultlambda.secrets;
}
