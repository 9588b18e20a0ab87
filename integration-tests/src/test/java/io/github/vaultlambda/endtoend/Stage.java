package io.github.vaultlambda.endtoend;

import io.github.vaultlambda.testkit.ContainerCredentialsEmulator;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Vault with a role and a secret, and the parts from which an execution environment is built around it. */
final class Stage implements AutoCloseable {
    static final String EXTENSION = "vault-lambda-extension";
    static final String SECRET = "secret/data/orders/db";

    private final FunctionVault function;
    private final int proxyPort = freePort();

    Stage() {
        this(FunctionVault.start());
    }

    private Stage(FunctionVault function) {
        this.function = function;
        rotate();
    }

    /** A stage whose Vault speaks TLS, with a certificate from an authority that the variables name. */
    static Stage withTls() {
        return new Stage(FunctionVault.startTls());
    }

    VaultStandIn vault() {
        return function.vault();
    }

    /** The ARN of the function's role. */
    String roleArn() {
        return function.roleArn();
    }

    /** Writes a new version of the secret; the answer is its password. */
    String rotate() {
        String password = TestSecrets.mint("password-");
        give(Map.of("user", "orders", "password", password));
        return password;
    }

    /** Writes a new version of the secret. */
    void give(Map<String, String> fields) {
        function.giveSecret(SECRET, fields);
    }

    /** The variables of a function that may log in. */
    Map<String, String> variables() {
        Map<String, String> variables = function.environment();
        variables.put("VAULT_LOG_LEVEL", "trace");
        return variables;
    }

    /** The variables of a function whose extension has its proxy at {@link #proxyPort()} and tries each request once. */
    Map<String, String> extensionVariables() {
        Map<String, String> variables = variables();
        variables.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(proxyPort));
        variables.put("VAULT_MAX_RETRIES", "0");
        return variables;
    }

    /** A port for a proxy, on which nobody listens yet. */
    int proxyPort() {
        return proxyPort;
    }

    /** A request for the secret, to the proxy at {@link #proxyPort()}. */
    HttpRequest readThroughProxy() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxyPort + "/v1/" + SECRET))
                .build();
    }

    /** The credentials of a role that exists but is bound to nothing. */
    Map<String, String> strangersCredentials() {
        StsEmulator sts = function.sts();
        return sts.issueSession(sts.createRole("billing-function")).asEnvironment();
    }

    /** From where the function has its credentials with SnapStart. */
    ContainerCredentialsEmulator containerCredentials() {
        return function.containerCredentials();
    }

    /** A Java function on this test's class path, which logs everything. */
    static LambdaEmulator.Builder function(Class<?> handler, Map<String, String> variables) {
        return function(handler.getName(), variables);
    }

    /** As above, by the function's handler setting. */
    static LambdaEmulator.Builder function(String handler, Map<String, String> variables) {
        return lambda(variables).javaFunction(classPath(), handler, "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace");
    }

    /** This test's class path. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** An environment whose processes print into this test's report, where the search for secrets looks. */
    static LambdaEmulator.Builder lambda(Map<String, String> variables) {
        return LambdaEmulator.builder()
                .environment(variables)
                .outputListener((process, line) -> System.out.println("[" + process + "] " + line));
    }

    /** The folder that would be /opt: whichever layer is under test. */
    static Path layer() {
        Path folder =
                Path.of(System.getProperty("extension.layer")).toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    folder + " is missing: the layer is built by `mvn verify` in the root folder");
        }
        return folder;
    }

    /** The folder that would be /opt/extensions. */
    static Path extensions() {
        return layer().resolve("extensions");
    }

    /** The program under test. */
    static Path program() {
        return extensions().resolve(EXTENSION);
    }

    /** An execution environment whose function is played by the emulator itself. */
    static LambdaEmulator extensionOnly(Map<String, String> variables) {
        return lambda(variables).extensionsDirectory(extensions()).build();
    }

    /** Waits for a line of the extension's log with all of these in it. */
    static void awaitLine(LambdaEmulator lambda, String... parts) throws InterruptedException {
        awaitOutput(lambda, EXTENSION, parts);
    }

    /** Waits for a line of a process with all of these in it: what it has written is read by another thread. */
    static void awaitOutput(LambdaEmulator lambda, String process, String... parts) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 400; i++) {
            for (String line : lambda.output(process)) {
                if (Stream.of(parts).allMatch(line::contains)) {
                    return;
                }
            }
            if (never.await(25, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new AssertionError("no line with " + List.of(parts));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        function.close();
    }
}
