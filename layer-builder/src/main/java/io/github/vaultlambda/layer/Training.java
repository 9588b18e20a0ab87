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
 * Lets the extension do what it will do in Lambda, so that the JVM tells which classes it loads: a login over TLS, a secret file,
 * requests with and without the proxy's cache, and an orderly end; and the resolution of a variable before a function starts.
 *
 * @param executable the extension's
 * @param work a folder for its files
 */
record Training(Path executable, Path work) {
    /** Where the launcher takes further options for the JVM from. */
    static final String JAVA_OPTIONS = "VAULT_EXTENSION_JAVA_OPTIONS";

    private static final String SECRET = "secret/data/orders/db";
    private static final int INVOCATIONS = 5;
    private static final int READS = 10;
    /** The JVM writes down what it has learned when the process ends. */
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    /** The JVM's lists of what it loaded, one for each way to run. */
    List<Path> classLists() throws IOException, InterruptedException, TimeoutException {
        try (FunctionVault vault = FunctionVault.startTls()) {
            vault.giveSecret(SECRET, Map.of("user", "orders", "password", TestSecrets.mint("password-")));
            Path ofExtension = work.resolve("extension.recorded");
            serve(variables(vault, ofExtension));
            Path ofExec = work.resolve("exec.recorded");
            resolve(variables(vault, ofExec));
            return List.of(ofExtension, ofExec);
        }
    }

    private static Map<String, String> variables(FunctionVault vault, Path classList) {
        Map<String, String> variables = vault.environment();
        variables.put("PATH", Commands.PATH);
        variables.put("VAULT_CLIENT_TIMEOUT", "300"); // however busy the machine is that builds
        variables.put(JAVA_OPTIONS, "-Xshare:off -XX:DumpLoadedClassList=" + classList);
        return variables;
    }

    private void serve(Map<String, String> variables) throws IOException, InterruptedException, TimeoutException {
        int port = freePort();
        Path file = work.resolve("secret.json");
        variables.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(port));
        variables.put("VAULT_SECRET_PATH", SECRET);
        variables.put("VAULT_SECRET_FILE", file.toString());
        variables.put("VAULT_DEFAULT_CACHE_TTL", "60s");
        try (RunningExtension extension =
                RunningExtension.start(List.of(executable.toString()), variables, work.resolve("training.log"))) {
            for (int i = 0; i < INVOCATIONS; i++) {
                extension.invoke();
                for (int k = 0; k < READS; k++) {
                    read(port, k % 2 == 0);
                }
            }
            extension.shutDown(LONGEST_END);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void resolve(Map<String, String> variables) throws IOException, InterruptedException {
        variables.put("DB_PASSWORD", "vault:" + SECRET + "#password");
        Path log = work.resolve("exec.log");
        try {
            Commands.run(List.of(executable.toString(), "exec", "--shell"), variables, log);
        } finally {
            Files.deleteIfExists(log); // the secret of a Vault that is no more, but a secret
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
