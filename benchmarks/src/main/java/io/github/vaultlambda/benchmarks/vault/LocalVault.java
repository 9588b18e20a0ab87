package io.github.vaultlambda.benchmarks.vault;

import io.github.vaultlambda.testkit.ContainerCredentialsEmulator;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Vault with the secret that all measured programs read. */
public final class LocalVault implements AutoCloseable {
    /** More secrets, at the same path with a number behind it: so many that the library keeps them in Caffeine. */
    public static final int MANY = 32;

    private final String password = TestSecrets.mint("password-");
    private final FunctionVault function;

    /** The file of the authority, or null over plain HTTP. */
    private final @Nullable Path authority;

    /** Starts it. */
    public LocalVault(Connection connection) throws IOException {
        function = connection == Connection.TLS ? FunctionVault.startTls() : FunctionVault.start();
        authority = connection == Connection.TLS ? Files.createTempFile("first-use", ".pem") : null;
        if (authority != null) {
            Files.writeString(authority, function.certificates().rootPem());
        }
        function.giveSecret(FakeVault.PATH, Map.of("user", "orders", "password", password));
        for (int i = 0; i < MANY; i++) {
            function.giveSecret(FakeVault.PATH + i, Map.of("password", password));
        }
    }

    /** What the program has to read. */
    public String password() {
        return password;
    }

    /** The variables of a function that may log in. */
    public Map<String, String> functionEnvironment() {
        Map<String, String> environment = function.environment();
        if (authority != null) {
            environment.remove("VAULT_CACERT_BYTES");
            environment.put("VAULT_CACERT", authority.toString());
        }
        return environment;
    }

    /** From where a function with SnapStart has its credentials. */
    public ContainerCredentialsEmulator containerCredentials() {
        return function.containerCredentials();
    }

    @Override
    public void close() throws IOException {
        function.close();
        if (authority != null) {
            Files.delete(authority);
        }
    }
}
