package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.util.Map;

/** A Vault with the secret that all measured programs read. */
final class LocalVault implements AutoCloseable {
    private final String password = TestSecrets.mint("password-");
    private final FunctionVault function = FunctionVault.start();

    LocalVault() {
        function.giveSecret(FakeVault.PATH, Map.of("user", "orders", "password", password));
    }

    /** What the program has to read. */
    String password() {
        return password;
    }

    /** The variables of a function that may log in. */
    Map<String, String> functionEnvironment() {
        return function.environment();
    }

    @Override
    public void close() {
        function.close();
    }
}
