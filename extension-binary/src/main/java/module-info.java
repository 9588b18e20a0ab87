/**
 * The Lambda extension and its command line: a program, not a library. Logs in to Vault at start-up, writes secret files and serves
 * the proxy on the loopback address for the function beside it.
 *
 * <p>Packages point downward: the extension's life uses {@code cli}, that uses {@code exec}, then come {@code settings}, {@code
 * proxy} and {@code log}.
 */
module io.github.vaultlambda.extension {
    requires io.github.vaultlambda.auth;
    requires io.github.vaultlambda.secrets;
    requires static org.graalvm.nativeimage;
    requires static org.graalvm.word;
    requires static org.jspecify;
}
