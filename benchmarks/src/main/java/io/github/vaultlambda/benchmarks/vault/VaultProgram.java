package io.github.vaultlambda.benchmarks.vault;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A Vault in a process of its own, for {@link VaultProcess}. Prints the variables of a function that may log in, a token, and then an
 * empty line; answers each line of input with the number of requests since the last, and ends with its input.
 */
final class VaultProgram {
    static final String TOKEN = "TOKEN";

    private VaultProgram() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        try (FunctionVault vault = FunctionVault.start();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String path : VaultProcess.SECRETS) {
                vault.giveSecret(path, Map.of("user", "orders", "password", TestSecrets.mint("password-")));
            }
            vault.environment().forEach((name, value) -> System.out.println(name + "=" + value));
            System.out.println(TOKEN + "=" + vault.vault().rootToken());
            System.out.println();
            vault.vault().clearRequests();
            while (in.readLine() != null) {
                System.out.println(vault.vault().requests().size());
                vault.vault().clearRequests();
            }
        }
    }
}
