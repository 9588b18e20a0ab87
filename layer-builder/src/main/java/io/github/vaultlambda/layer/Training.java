package io.github.vaultlambda.layer;

import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Lets the extension do what it will do in Lambda, so that the JVM learns which classes it loads and which methods are hot: a login
 * over TLS, a secret file, requests with and without the proxy's cache, and an orderly end.
 */
final class Training {
    private static final String SECRET = "secret/data/orders/db";
    private static final int INVOCATIONS = 20;
    private static final int READS = 50;
    /** The JVM writes down what it has learned when the process ends. */
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    private Training() {}

    /**
     * Runs the extension once.
     *
     * @param command its executable
     * @param variables more variables for it
     * @param work a folder for its files
     */
    static void run(Path command, Map<String, String> variables, Path work)
            throws IOException, InterruptedException, TimeoutException {
        try (FunctionVault vault = FunctionVault.startTls()) {
            vault.giveSecret(SECRET, Map.of("user", "orders", "password", TestSecrets.mint("password-")));
            int port = freePort();
            Map<String, String> environment = vault.environment();
            environment.put("PATH", Commands.PATH);
            environment.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(port));
            environment.put("VAULT_SECRET_PATH", SECRET);
            environment.put("VAULT_SECRET_FILE", work.resolve("secret.json").toString());
            environment.put("VAULT_DEFAULT_CACHE_TTL", "60s");
            environment.putAll(variables);
            Path log = work.resolve("training.log");
            try (RunningExtension extension = RunningExtension.start(List.of(command.toString()), environment, log)) {
                for (int i = 0; i < INVOCATIONS; i++) {
                    extension.invoke();
                    for (int k = 0; k < READS; k++) {
                        read(port, k % 2 == 0);
                    }
                }
                extension.shutDown(LONGEST_END);
            } finally {
                Files.deleteIfExists(work.resolve("secret.json"));
            }
        }
    }

    private static void read(int port, boolean cached) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/v1/" + SECRET).toURL().openConnection();
        connection.setRequestProperty("X-Vault-Request", "true");
        if (cached) {
            connection.setRequestProperty("X-Vault-Cache-Control", "cache");
        }
        if (connection.getResponseCode() != 200) {
            throw new IOException("the proxy answers " + connection.getResponseCode());
        }
        connection.getInputStream().readAllBytes();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
