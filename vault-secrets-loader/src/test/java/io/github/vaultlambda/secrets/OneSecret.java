package io.github.vaultlambda.secrets;

import java.time.Duration;

/** What tests of one secret in a living Vault begin with. */
abstract class OneSecret {
    static final String DB = "secret/data/db";

    final LivingVault vault = new LivingVault();
    final VaultSecrets secrets = vault.builder().build();

    /** A field of it. */
    final Secret<String> secret(String field, SecretOptions options) {
        vault.kv(DB);
        return secrets.secret(SecretReference.parse(DB + "#" + field), String.class, options);
    }

    /** Fresh for so long, and read by who asks. */
    static SecretOptions ttl(int seconds) {
        return SecretOptions.defaults().withTtl(Duration.ofSeconds(seconds)).withRefreshAhead(false);
    }

    final void pass(int seconds) {
        vault.pass(Duration.ofSeconds(seconds));
    }
}
