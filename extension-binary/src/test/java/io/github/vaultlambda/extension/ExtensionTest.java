package io.github.vaultlambda.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.extension.log.RequestId;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.testkit.AwsRole;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.VaultRequestLog;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The extension's life in one process, with a Vault that verifies its login; Lambda is a script of events. */
class ExtensionTest {
    @TempDir
    Path directory;

    private final StsEmulator sts = StsEmulator.start();
    private final VaultStandIn vault = VaultStandIn.start();
    private final Map<String, String> environment = new HashMap<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<String> happened = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(sts, vault));
    private final List<String> registeredFor = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Check betweenEvents = () -> {};
    private int proxyPort;

    /** What a test looks at whenever the extension asks for an event. */
    private interface Check {
        void run() throws IOException;
    }

    @BeforeEach
    void setUp() throws IOException {
        String role = sts.createRole("orders-function");
        vault.enableAwsAuth("aws", sts, null);
        vault.readable("orders", "secret/data/orders/*");
        vault.awsRole(
                "aws", AwsRole.named("orders").boundTo(role).policies("orders").build());
        vault.putSecret("secret/data/orders/db", Map.of("user", "app"));
        FakeUpstream lambda = new FakeUpstream(this::lambda);
        open.add(lambda);
        proxyPort = freePort();
        environment.putAll(sts.issueSession(role).asEnvironment());
        environment.put("AWS_LAMBDA_RUNTIME_API", lambda.address().getAuthority());
        environment.put("VAULT_ADDR", vault.address().toString());
        environment.put("VAULT_AUTH_PROVIDER", "aws");
        environment.put("VAULT_AUTH_ROLE", "orders");
        environment.put("VAULT_MAX_RETRIES", "0");
        environment.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(proxyPort));
        environment.put("VAULT_SECRET_PATH", "secret/data/orders/db");
        environment.put("VAULT_SECRET_FILE", file().toString());
    }

    @AfterEach
    void tearDown() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void isReadyBeforeItRegistersAndLeavesAtShutdown() {
        events.add("INVOKE");
        events.add("SOMETHING_NEW");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(happened).containsExactly("register file=true proxy=200", "next", "next", "next");
        assertThat(file()).content().contains("\"user\": \"app\"");
        assertThat(vault.loginCount()).isOne();
        assertThat(proxyStatus()).isEqualTo("closed");
    }

    @Test
    void writesNoFileInProxyModeAndOpensNoPortInFileMode() {
        events.add("SHUTDOWN");
        environment.put("VAULT_RUN_MODE", "PROXY");
        assertThat(run()).isZero();
        events.add("SHUTDOWN");
        environment.put("VAULT_RUN_MODE", "File");
        assertThat(run()).isZero();
        assertThat(happened)
                .containsExactly("register file=false proxy=200", "next", "register file=true proxy=closed", "next");
    }

    @Test
    void endsWithOneWhereTheConfigurationIsWrongAndAsksVaultForNothing() {
        environment.remove("VAULT_AUTH_ROLE");
        assertThat(run()).isOne();
        assertThat(happened).containsExactly("register file=false proxy=closed", "init/error Extension.ConfigInvalid");
        assertThat(vault.requests()).isEmpty();
    }

    @Test
    void endsWithOneWhereTheLoginIsRefused() {
        environment.put("VAULT_AUTH_ROLE", "other");
        assertThat(run()).isOne();
        assertThat(happened).containsExactly("register file=false proxy=closed", "init/error Extension.LoginRefused");
        assertThat(file()).doesNotExist();
    }

    @Test
    void goesOnWithoutASecretAsItsPredecessorDid() {
        environment.put("VAULT_SECRET_PATH", "secret/data/orders/nothing");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(happened).containsExactly("register file=true proxy=200", "next");
        assertThat(file()).hasContent("null");
    }

    @ParameterizedTest
    @CsvSource({"VAULT_EXTENSION_REQUIRE_SECRETS, true", "VAULT_SECRET_OPTIONAL, false"})
    void endsWithOneWhereASecretIsMissingThatIsRequired(String variable, String value) {
        environment.put("VAULT_SECRET_PATH", "secret/data/orders/nothing");
        environment.put(variable, value);
        assertThat(run()).isOne();
        assertThat(happened)
                .containsExactly("register file=false proxy=closed", "init/error Extension.SecretFilesNotWritten");
        assertThat(file()).doesNotExist();
    }

    @Test
    void refreshesFilesAtEachInvocation() {
        environment.put("VAULT_SECRET_PATH", "secret/data/orders/db#user");
        environment.put("VAULT_DEFAULT_CACHE_TTL", "0s");
        environment.put("VAULT_RUN_MODE", "file");
        events.add("INVOKE");
        events.add("then rotate");
        events.add("INVOKE");
        events.add("SHUTDOWN");
        List<String> contents = new ArrayList<>();
        betweenEvents = () -> contents.add(Files.exists(file()) ? Files.readString(file()) : "none");
        assertThat(run()).isZero();
        assertThat(contents).containsExactly("app", "app", "rotated");
        assertThat(vault.loginCount()).isOne();
    }

    @Test
    void keepsTheFileAndGoesOnWhereVaultFailsAtAnInvocation() {
        environment.put("VAULT_DEFAULT_CACHE_TTL", "0s");
        environment.put("VAULT_CACHE_MAX_STALE", "0s");
        environment.put("VAULT_RUN_MODE", "file");
        events.add("INVOKE");
        events.add("then fail");
        events.add("INVOKE");
        events.add("INVOKE");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(happened).hasSize(5);
        assertThat(file()).content().contains("\"user\": \"app\"");
    }

    @Test
    void endsWithOneWhereTheFileCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve("plain"), "");
        environment.put(
                "VAULT_SECRET_FILE", directory.resolve("plain/secret.json").toString());
        assertThat(run()).isOne();
        assertThat(happened).last().isEqualTo("init/error Extension.SecretFilesNotWritten");
    }

    @Test
    void endsWithOneWhereThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(proxyPort, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            proxyPort = freePort(); // for those who look: at the other nobody answers
            assertThat(run()).isOne();
        }
        assertThat(happened).last().isEqualTo("init/error Extension.ProxyNotStarted");
    }

    @Test
    void endsWithOneWhereLambdaGivesNoEventAndDoesNotAskAgain() {
        events.add("500");
        assertThat(run()).isOne();
        assertThat(happened)
                .containsExactly("register file=true proxy=200", "next", "exit/error Extension.NextEventFailed");
        assertThat(proxyStatus()).isEqualTo("closed");
    }

    @Test
    void revokesItsTokenAtTheEndOnlyWhereThatIsAskedFor() {
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(revocations()).isEmpty();

        environment.put("VAULT_REVOKE_TOKEN_ON_CLOSE", "true");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(revocations()).containsExactly(204);

        events.add("500");
        assertThat(run()).isOne();
        assertThat(revocations()).as("also when it fails").containsExactly(204, 204);
    }

    @Test
    void endsInOrderWhereTheRevocationHangs() {
        environment.put("VAULT_REVOKE_TOKEN_ON_CLOSE", "true");
        vault.hangNext(1, path -> path.endsWith("revoke-self"));
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
    }

    @Test
    void canBeStoppedFromOutside() {
        List<Runnable> atEnd = new ArrayList<>();
        events.add("SHUTDOWN");
        assertThat(ExtensionRun.run(environment, "test", new RequestId(), out(), atEnd::add))
                .isZero();
        assertThat(atEnd).hasSize(1);
        atEnd.get(0).run(); // after the end, as in a JVM that exits
    }

    @Test
    void endsWithOneWhateverFails() {
        ExtensionConfig read = ExtensionConfig.fromEnvironment(environment);
        LoginMethod broken = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
                throw new NoClassDefFoundError("a class that is not there");
            }

            @Override
            public String describe() {
                return "broken";
            }
        };
        VaultAccess access = read.access();
        Extension extension = new Extension(
                new ExtensionConfig(
                        new VaultAccess(access.platform(), access.vault(), broken, access.secrets(), false),
                        read.life(),
                        read.mode(),
                        read.secretFiles(),
                        read.proxy(),
                        read.runtimeApi(),
                        null),
                "test",
                new RequestId(),
                out());
        assertThat(extension.run()).isOne();
        assertThat(happened).last().isEqualTo("init/error Extension.InternalError");
    }

    @Test
    void endsWithoutATraceWhenItIsStoppedBeforeItIsReady() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            assertThat(ExtensionRun.run(environment, "test", new RequestId(), out(), Runnable::run))
                    .isOne();
        } finally {
            System.setErr(before);
        }
        assertThat(happened).isEmpty();
        assertThat(log.toString(UTF_8))
                .contains("Told to end before it was ready")
                .doesNotContain("ERROR", "\tat ");
    }

    @Test
    void startsWithoutVaultWhereItMayBeLazyAndHasFilesAndProxyLater() {
        environment.put("VAULT_EXTENSION_LAZY", "true");
        environment.put("VAULT_EXTENSION_INIT_TIMEOUT", "1s");
        vault.seal();
        events.add("then unseal");
        events.add("INVOKE");
        events.add("SHUTDOWN");
        List<String> contents = new ArrayList<>();
        betweenEvents = () -> contents.add("file=" + Files.exists(file()) + " proxy=" + proxyStatus());
        assertThat(run()).isZero();
        assertThat(happened).containsExactly("register file=false proxy=500", "next", "next");
        assertThat(contents).containsExactly("file=false proxy=500", "file=true proxy=200");
    }

    @Test
    void deletesItsFilesAtTheEndWhereThatIsAskedFor() {
        environment.put("VAULT_EXTENSION_WIPE_FILES", "true");
        events.add("INVOKE");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(happened).first().isEqualTo("register file=true proxy=200");
        assertThat(file()).doesNotExist();
    }

    @Test
    void hasATokenOfItsOwnAfterASnapshot() {
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        events.add("then rotate");
        events.add("INVOKE");
        events.add("INVOKE");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(vault.loginCount()).isEqualTo(2);
        assertThat(file()).content().contains("\"user\": \"rotated\"");
    }

    @Test
    void looksAfterItsFilesInTheBackgroundOnManagedInstances() {
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances");
        environment.put("VAULT_EXTENSION_REFRESH_INTERVAL", "10ms");
        environment.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        events.add("then rotate");
        events.add("SHUTDOWN");
        betweenEvents = () -> {
            vault.putSecret("secret/data/orders/db", Map.of("user", "rotated"));
            while (!Files.readString(file()).contains("rotated")) {
                Thread.onSpinWait();
            }
        };
        assertThat(run()).isZero();
        assertThat(registeredFor).containsExactly("{\"events\":[\"SHUTDOWN\"]}");
    }

    @Test
    void publishesCountsWhereThatIsAskedFor() {
        environment.put("VAULT_EXTENSION_METRICS_NAMESPACE", "Orders");
        environment.put("AWS_LAMBDA_FUNCTION_NAME", "pay");
        events.add("INVOKE");
        events.add("SHUTDOWN");
        assertThat(run()).isZero();
        assertThat(printed.toString(UTF_8))
                .contains(
                        "\"Namespace\":\"Orders\"",
                        "\"FunctionName\":\"pay\"",
                        "\"SecretRefreshes\":1",
                        "\"ProxyRequests\":1");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private PrintStream out() {
        return new PrintStream(printed, true, UTF_8);
    }

    private List<Integer> revocations() {
        return vault.requests().stream()
                .filter(request -> request.path().equals("auth/token/revoke-self"))
                .map(VaultRequestLog::status)
                .toList();
    }

    private int run() {
        return ExtensionRun.run(environment, "test", new RequestId(), out(), work -> {});
    }

    private Path file() {
        return directory.resolve("deep/secret.json");
    }

    private void lambda(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/register")) {
            registeredFor.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            happened.add("register file=" + Files.exists(file()) + " proxy=" + proxyStatus());
            exchange.getResponseHeaders().set("Lambda-Extension-Identifier", "id-1");
            FakeUpstream.answer(exchange, 200, "{}");
            return;
        }
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("/error")) {
            happened.add(path.substring("/2020-01-01/extension/".length()) + " "
                    + exchange.getRequestHeaders().getFirst("Lambda-Extension-Function-Error-Type"));
            FakeUpstream.answer(exchange, 202, "{\"status\":\"OK\"}");
            return;
        }
        happened.add("next");
        betweenEvents.run();
        String event = events.remove();
        if (event.equals("then rotate")) {
            vault.putSecret("secret/data/orders/db", Map.of("user", "rotated"));
            event = events.remove();
        } else if (event.equals("then unseal")) {
            vault.unseal();
            event = events.remove();
        } else if (event.equals("then fail")) {
            vault.failNext(100, 503);
            event = events.remove();
        }
        if (event.equals("500")) {
            FakeUpstream.answer(exchange, 500, "{}");
        } else {
            long deadline = System.currentTimeMillis() + 2_000;
            FakeUpstream.answer(exchange, 200, "{\"eventType\":\"" + event + "\",\"deadlineMs\":" + deadline + "}");
        }
    }

    private String proxyStatus() {
        URI secret = URI.create("http://127.0.0.1:" + proxyPort + "/v1/secret/data/orders/db");
        try {
            int status = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(secret).build(), BodyHandlers.discarding())
                    .statusCode();
            return Integer.toString(status);
        } catch (IOException e) {
            return "closed";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
