package io.github.vaultlambda.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.vaultlambda.testkit.AwsRole;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaInitException;
import io.github.vaultlambda.testkit.ShutdownReport;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension as a process of its own in an emulated execution environment; without the layer's launcher. */
class ExtensionProcessTest {
    private static final String NAME = "vault-lambda-extension";

    @TempDir
    Path directory;

    private final StsEmulator sts = StsEmulator.start();
    private final VaultStandIn vault = VaultStandIn.start();
    private final Map<String, String> environment = new HashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void setUp() throws IOException {
        String role = sts.createRole("orders-function");
        vault.enableAwsAuth("aws", sts, null);
        vault.readable("orders", "secret/data/orders/*");
        vault.awsRole(
                "aws", AwsRole.named("orders").boundTo(role).policies("orders").build());
        vault.putSecret("secret/data/orders/db", Map.of("password", TestSecrets.mint("db-")));
        environment.putAll(sts.issueSession(role).asEnvironment());
        environment.put("VAULT_ADDR", vault.address().toString());
        environment.put("VAULT_AUTH_PROVIDER", "aws");
        environment.put("VAULT_AUTH_ROLE", "orders");
        environment.put("VAULT_LOG_LEVEL", " TRACE ");
        environment.put("VAULT_SECRET_PATH", "secret/data/orders/db");
        environment.put("VAULT_SECRET_FILE", directory.resolve("secret.json").toString());
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(free.getLocalPort()));
        }
    }

    @AfterEach
    void tearDown() {
        vault.close();
        sts.close();
    }

    @Test
    void servesInvocationsAndLeavesWithZeroAndLogsNoSecret() throws Exception {
        try (LambdaEmulator lambda = emulator()) {
            lambda.init();
            assertThat(Files.readString(directory.resolve("secret.json"))).contains(TestSecrets.MARKER);
            assertThat(read().get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            lambda.invoke("{}");
            lambda.invoke("{}");
            ShutdownReport report = lambda.shutdown();
            assertThat(report.processes().get(NAME))
                    .satisfies(exit -> assertThat(exit.exitCode()).isZero())
                    .satisfies(exit -> assertThat(exit.killed()).isFalse());
            assertThat(lambda.output(NAME))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).doesNotContain(TestSecrets.MARKER))
                    .allSatisfy(
                            line -> assertThat(line)
                                    .matches(
                                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z \\[[A-Z]+] {1,2}vault-lambda-extension[.a-z-]*: .*"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesInTimeWhileVaultHangs(boolean revokes) throws Exception {
        environment.put("VAULT_REVOKE_TOKEN_ON_CLOSE", Boolean.toString(revokes));
        try (LambdaEmulator lambda = emulator()) {
            lambda.init();
            vault.delay(Duration.ofSeconds(30));
            CompletableFuture<HttpResponse<String>> hung = read();
            assertThatThrownBy(() -> hung.get(300, TimeUnit.MILLISECONDS)).isNotNull();
            assertThat(lambda.shutdown().processes().get(NAME))
                    .satisfies(exit -> assertThat(exit.exitCode()).isZero())
                    .satisfies(exit -> assertThat(exit.killed()).isFalse());
        }
    }

    @Test
    void endsOnSigterm() throws Exception {
        try (LambdaEmulator lambda = emulator()) {
            lambda.init();
            ProcessHandle process = lambda.process(NAME);
            assertThat(process.destroy()).isTrue();
            process.onExit().get(10, TimeUnit.SECONDS);
            assertThat(lambda.output(NAME)).anyMatch(line -> line.contains("Received signal, exiting"));
            assertThat(lambda.shutdown().process(NAME).exitCode()).isZero();
        }
    }

    @Test
    void crashesWithOneLineWhenVaultRefusesTheLogin() {
        environment.put("VAULT_AUTH_ROLE", "other");
        environment.put("VAULT_LOG_LEVEL", "warn");
        try (LambdaEmulator lambda = emulator()) {
            assertThatThrownBy(lambda::init)
                    .asInstanceOf(type(LambdaInitException.class))
                    .satisfies(failure -> assertThat(failure.errorType()).isEqualTo("Extension.LoginRefused"));
            assertThat(lambda.output(NAME))
                    .singleElement()
                    .asString()
                    .contains("[ERROR]")
                    .contains("VAULT_AUTH_ROLE")
                    .doesNotContain(TestSecrets.MARKER);
        }
    }

    private LambdaEmulator emulator() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return LambdaEmulator.builder()
                .extension(
                        NAME,
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                "-Dvaultlambda.extension.name=" + NAME,
                                ExtensionMain.class.getName()))
                .environment(environment)
                .build();
    }

    private CompletableFuture<HttpResponse<String>> read() {
        URI secret = URI.create(
                "http://127.0.0.1:" + environment.get("VAULT_EXTENSION_PROXY_PORT") + "/v1/secret/data/orders/db");
        return client.sendAsync(HttpRequest.newBuilder(secret).build(), BodyHandlers.ofString());
    }
}
