/**
 * The Lambda extension: a program, not a library. Logs in to Vault at start-up, writes secret files and serves the proxy on the
 * loopback address for the function beside it.
 */
module io.github.vaultlambda.extension {
    requires io.github.vaultlambda.auth;
    requires io.github.vaultlambda.secrets;
    requires org.slf4j;
    requires static org.jspecify;
}
