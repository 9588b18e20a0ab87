package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.AwsRole;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaEvent;
import io.github.vaultlambda.testkit.ShutdownReport;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged extension from its start to its end, however that comes. */
final class LifeProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder = Path.of("unset");

    private int read() throws IOException, InterruptedException {
        return client.send(stage.readThroughProxy(), BodyHandlers.discarding()).statusCode();
    }

    private static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    private static void endsInOrder(ShutdownReport.Exit exit) {
        assertThat(exit.killed()).isFalse();
        assertThat(exit.exitCode()).isZero();
    }

    @Test
    void registersUnderTheNameOfItsFile() throws Exception {
        Path copy = folder.resolve("opt");
        Files.walkFileTree(Stage.layer(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(copy.resolve(Stage.layer().relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, copy.resolve(Stage.layer().relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
        Path extensions = copy.resolve("extensions");
        Files.move(extensions.resolve(Stage.EXTENSION), extensions.resolve("our-vault"));
        try (LambdaEmulator lambda = Stage.lambda(stage.extensionVariables())
                .extensionsDirectory(extensions)
                .build()) {
            lambda.init();
            assertThat(lambda.timeline())
                    .anySatisfy(event -> assertThat(event)
                            .extracting(LambdaEvent::type, LambdaEvent::process)
                            .containsExactly(LambdaEvent.Type.EXTENSION_REGISTERED, "our-vault"));
            assertThat(read()).isEqualTo(200);
            endsInOrder(lambda.shutdown().process("our-vault"));
        }
    }

    @Test
    void startsWithoutVaultWhereItMayBeLazy() throws Exception {
        Path file = folder.resolve("secret.json");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_EXTENSION_LAZY", "true");
        variables.put("VAULT_SECRET_PATH", Stage.SECRET);
        variables.put("VAULT_SECRET_FILE", file.toString());
        stage.vault().seal();
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(read()).isEqualTo(500);
            assertThat(file).doesNotExist();
            stage.vault().unseal();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(read()).isEqualTo(200);
            assertThat(file).isNotEmptyFile();
            Stage.awaitLine(lambda, "[WARN]", "VAULT_EXTENSION_LAZY");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void endsOnASignalThoughVaultHangs(String signal) throws Exception {
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_REVOKE_TOKEN_ON_CLOSE", "true");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            stage.vault().delay(Duration.ofSeconds(30));
            CompletableFuture<HttpResponse<Void>> hung =
                    client.sendAsync(stage.readThroughProxy(), BodyHandlers.discarding());
            assertThatThrownBy(() -> hung.get(200, TimeUnit.MILLISECONDS)).isNotNull();
            signal(lambda.process(Stage.EXTENSION), signal);
            lambda.process(Stage.EXTENSION).onExit().get(10, TimeUnit.SECONDS);
            endsInOrder(lambda.shutdown().process(Stage.EXTENSION));
        }
    }

    @Test
    void endsAtShutdownThoughVaultHangs() {
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_REVOKE_TOKEN_ON_CLOSE", "true");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            stage.vault().delay(Duration.ofSeconds(30));
            CompletableFuture<HttpResponse<Void>> hung =
                    client.sendAsync(stage.readThroughProxy(), BodyHandlers.discarding());
            assertThatThrownBy(() -> hung.get(200, TimeUnit.MILLISECONDS)).isNotNull();
            endsInOrder(lambda.shutdown().process(Stage.EXTENSION));
        }
    }

    @Test
    void logsInAnewWhenItWasFrozenBeyondTheLifeOfItsToken() throws Exception {
        stage.vault()
                .awsRole(
                        FunctionVault.AUTH_MOUNT,
                        AwsRole.named(FunctionVault.VAULT_ROLE)
                                .boundTo(stage.roleArn())
                                .policies("orders")
                                .ttl(Duration.ofSeconds(2))
                                .build());
        try (LambdaEmulator lambda = Stage.extensionOnly(stage.extensionVariables())) {
            lambda.init();
            assertThat(read()).isEqualTo(200);
            int before = stage.vault().loginCount();
            lambda.freeze();
            assertThat(new CountDownLatch(1).await(2500, TimeUnit.MILLISECONDS)) // the process has the real clock
                    .isFalse();
            lambda.thaw();
            assertThat(read()).isEqualTo(200);
            assertThat(stage.vault().loginCount()).isGreaterThan(before);
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
        }
    }

    @Test
    void hasATokenOfItsOwnAndFreshFilesAfterASnapshot() throws Exception {
        Path file = folder.resolve("password");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_SECRET_PATH", Stage.SECRET + "#password");
        variables.put("VAULT_SECRET_FILE", file.toString());
        String first = stage.rotate();
        try (LambdaEmulator lambda = Stage.lambda(variables)
                .extensionsDirectory(Stage.extensions())
                .snapStart(stage.containerCredentials())
                .build()) {
            lambda.init();
            assertThat(Files.readString(file).equals(first)).isTrue();
            int before = stage.vault().loginCount();
            lambda.freeze();
            String second = stage.rotate();
            lambda.restore();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(Files.readString(file).equals(second))
                    .as("though it was fresh")
                    .isTrue();
            assertThat(stage.vault().loginCount()).isEqualTo(before + 1);
            assertThat(read()).isEqualTo(200);
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(stage.vault().loginCount()).isEqualTo(before + 1);
        }
    }

    @Test
    void startsAnewWhereItWasKilledAndItsFilesAreLeft() throws Exception {
        Path file = folder.resolve("secret.json");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_SECRET_PATH", Stage.SECRET + "#password");
        variables.put("VAULT_SECRET_FILE", file.toString());
        String first = stage.rotate();
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            signal(lambda.process(Stage.EXTENSION), "KILL");
            lambda.process(Stage.EXTENSION).onExit().get(10, TimeUnit.SECONDS);
            assertThat(Files.readString(file).equals(first)).isTrue();
        }
        String second = stage.rotate();
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(Files.readString(file).equals(second)).isTrue();
            assertThat(read()).isEqualTo(200);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing half written").containsExactly(file);
        }
    }

    @Test
    void managedInstancesAreServedWithoutInvocations() throws Exception {
        Path file = folder.resolve("password");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_EXTENSION_REFRESH_INTERVAL", "100ms");
        variables.put("VAULT_SECRET_PATH", Stage.SECRET + "#password");
        variables.put("VAULT_SECRET_FILE", file.toString());
        variables.put("VAULT_SECRET_TTL", "100ms");
        try (LambdaEmulator lambda = Stage.lambda(variables)
                .extensionsDirectory(Stage.extensions())
                .managedInstances(2)
                .build()) {
            lambda.init();
            String second = stage.rotate();
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; i < 200 && !Files.readString(file).equals(second); i++) {
                assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
            }
            assertThat(Files.readString(file).equals(second)).isTrue();
            endsInOrder(lambda.shutdown().process(Stage.EXTENSION));
        }
    }

    @Test
    void logsJsonWhereLambdaIsToldToAndNothingPerInvocation() throws Exception {
        Map<String, String> variables = stage.extensionVariables();
        variables.remove("VAULT_LOG_LEVEL");
        variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
        variables.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            Stage.awaitLine(lambda, "Initialised in");
            int before = lambda.output(Stage.EXTENSION).size();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            List<String> lines = lambda.output(Stage.EXTENSION);
            assertThat(lines)
                    .hasSize(before)
                    .allSatisfy(line -> assertThat(line)
                            .matches("\\{\"timestamp\":\"[0-9TZ:.-]+\",\"level\":\"[A-Z]+\",\"message\":\".*\","
                                    + "\"logger\":\"vault-lambda-extension[a-z.-]*\"}"));
        }
    }

    @Test
    void saysNothingWhereTheLogIsOff() {
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_LOG_LEVEL", " Off ");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            endsInOrder(lambda.shutdown().process(Stage.EXTENSION));
            assertThat(lambda.output(Stage.EXTENSION)).isEmpty();
        }
    }
}
