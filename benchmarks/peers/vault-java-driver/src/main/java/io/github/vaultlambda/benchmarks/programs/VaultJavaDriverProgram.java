package io.github.vaultlambda.benchmarks.programs;

import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import java.io.File;
import java.util.Map;

/**
 * The same read with jopenlibs' vault-java-driver. It signs nothing by itself, so the login is signed as the hand-written
 * program does it.
 */
final class VaultJavaDriverProgram {
    private VaultJavaDriverProgram() {}

    /** Takes the moment of the JVM's start. */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        Map<String, String> environment = System.getenv();
        VaultConfig config =
                new VaultConfig().address(environment.get("VAULT_ADDR")).engineVersion(2);
        String authority = environment.get("VAULT_CACERT");
        if (authority != null) {
            config.sslConfig(new SslConfig().pemFile(new File(authority)).build());
        }
        config.build();
        String token = Vault.create(config)
                .auth()
                .loginByAwsIam(
                        environment.get("VAULT_AUTH_ROLE"),
                        HandWrittenLogin.url(),
                        HandWrittenLogin.body(),
                        HandWrittenLogin.headers(environment),
                        environment.get("VAULT_AUTH_PROVIDER"))
                .getAuthClientToken();
        String value = Vault.create(config.token(token))
                .logical()
                .read("secret/orders/db")
                .getData()
                .get("password");
        Measured.report(arguments, begin, String.valueOf(value));
    }
}
