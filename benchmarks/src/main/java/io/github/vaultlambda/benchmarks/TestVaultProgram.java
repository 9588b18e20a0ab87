package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.benchmarks.report.Spread;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.util.Locale;
import java.util.Map;

/**
 * How long a test waits for its Vault: from nothing to a Vault with one secret and the function's variables, and to that secret
 * read, with the login. In a JVM of its own, whose first round is that of the first test.
 */
final class TestVaultProgram {
    private static final int ROUNDS = 60;
    private static final int WARM_UP = 10;
    private static final double TARGET_MILLIS = 100;

    private TestVaultProgram() {}

    /** Prints the first round, and the spread of those that are warm. */
    public static void main(String[] arguments) {
        double[] started = new double[ROUNDS];
        double[] read = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            try (FunctionVault vault = FunctionVault.start()) {
                String password = TestSecrets.mint("password-");
                vault.giveSecret("secret/data/orders/db", Map.of("user", "orders", "password", password));
                Map<String, String> environment = vault.environment();
                started[i] = (System.nanoTime() - begin) / 1e6;
                try (VaultSecrets secrets = VaultSecrets.fromEnvironment(environment)) {
                    if (!secrets.secret("secret/data/orders/db#password").get().equals(password)) {
                        throw new IllegalStateException("something else was read");
                    }
                }
                read[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        print("a test's Vault, there", started);
        print("a test's Vault, and its first secret read", read);
    }

    private static void print(String what, double[] millis) {
        double[] warm = new double[ROUNDS - WARM_UP];
        System.arraycopy(millis, WARM_UP, warm, 0, warm.length);
        Spread spread = Spread.of(warm);
        System.out.printf(
                Locale.ROOT,
                "%s: first test of a JVM %.0f ms, warm %.1f ms (%.1f to %.1f; target %.0f ms: %s)%n",
                what,
                millis[0],
                spread.median(),
                spread.min(),
                spread.max(),
                TARGET_MILLIS,
                spread.upperQuartile() <= TARGET_MILLIS ? "holds" : "MISSED");
    }
}
