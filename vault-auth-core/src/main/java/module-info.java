/**
 * Configuration, login, token life cycle and the one HTTP path to Vault.
 *
 * <p>Packages point downward: {@code auth} uses {@code auth.aws}, that uses {@code auth.login}, then come {@code client}, {@code
 * config}, {@code http} and {@code json}.
 */
module io.github.vaultlambda.auth {
    requires org.slf4j;
    requires static org.jspecify;

    uses io.github.vaultlambda.auth.login.LoginProvider;

    exports io.github.vaultlambda.auth;
    exports io.github.vaultlambda.auth.aws;
    exports io.github.vaultlambda.auth.login;
    exports io.github.vaultlambda.client;
    exports io.github.vaultlambda.config;
    exports io.github.vaultlambda.http;
    exports io.github.vaultlambda.client.internal to
            io.github.vaultlambda.secrets;
    exports io.github.vaultlambda.json to
            io.github.vaultlambda.extension,
            io.github.vaultlambda.secrets;
    exports io.github.vaultlambda.log to
            io.github.vaultlambda.extension,
            io.github.vaultlambda.handler,
            io.github.vaultlambda.secrets;
}
