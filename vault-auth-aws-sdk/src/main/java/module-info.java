/** AWS SDK v2 credentials for logins to Vault: any provider, and AssumeRole. */
module io.github.vaultlambda.auth.awssdk {
    requires transitive io.github.vaultlambda.auth;
    requires transitive software.amazon.awssdk.auth;
    requires transitive software.amazon.awssdk.identity.spi;
    requires transitive software.amazon.awssdk.services.sts;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires static org.jspecify;

    exports io.github.vaultlambda.auth.awssdk;
}
