package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.examples.ProxyFunction;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaEvent;
import io.github.vaultlambda.testkit.LambdaInitException;
import io.github.vaultlambda.testkit.ShutdownReport;
import io.github.vaultlambda.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged extension, started by its launcher as Lambda starts it. */
final class ExtensionProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void filesAndProxyAreThereBeforeTheFunctionStarts() throws Exception {
        String first = stage.rotate();
        Path file = folder.resolve("new/secret.json");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_SECRET_PATH", Stage.SECRET);
        variables.put("VAULT_SECRET_FILE", file.toString());
        try (LambdaEmulator lambda = Stage.function(ProxyFunction.class, variables)
                .extensionsDirectory(Stage.extensions())
                .build()) {
            lambda.init();
            List<LambdaEvent.Type> order =
                    lambda.timeline().stream().map(LambdaEvent::type).toList();
            assertThat(order)
                    .containsSubsequence(
                            LambdaEvent.Type.EXTENSION_STARTED,
                            LambdaEvent.Type.EXTENSION_REGISTERED,
                            LambdaEvent.Type.RUNTIME_STARTED,
                            LambdaEvent.Type.RUNTIME_READY);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");

            InvocationResult result = lambda.invoke("{}");
            assertThat(result.outcome()).as(result.payloadText()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(result.payloadText())
                    .contains("\"passwordFingerprint\":\"" + Fingerprint.of(first))
                    .contains("\"fileFingerprint\":\"" + Fingerprint.of(first));

            String second = stage.rotate();
            assertThat(lambda.invoke("{}").payloadText())
                    .contains("\"passwordFingerprint\":\"" + Fingerprint.of(second));
            assertThat(stage.vault().loginCount()).isEqualTo(1);

            ShutdownReport shutdown = lambda.shutdown();
            assertThat(shutdown.process(Stage.EXTENSION).exitCode()).isZero();
            assertThat(shutdown.process(Stage.EXTENSION).killed()).isFalse();
        }
    }

    @Test
    void filesFollowTheirSecretAtTheNextInvocation() throws Exception {
        String first = stage.rotate();
        Path answer = folder.resolve("secret.json");
        Path settings = folder.resolve("secret.env");
        Path password = folder.resolve("password");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_RUN_MODE", "file");
        variables.put("VAULT_DEFAULT_CACHE_TTL", "0s");
        variables.put("VAULT_SECRET_PATH", Stage.SECRET);
        variables.put("VAULT_SECRET_FILE", answer.toString());
        variables.put("VAULT_SECRET_PATH_ENV", Stage.SECRET);
        variables.put("VAULT_SECRET_FILE_ENV", settings.toString());
        variables.put("VAULT_SECRET_FORMAT_ENV", "dotenv");
        variables.put("VAULT_SECRET_PATH_PASSWORD", Stage.SECRET + "#password");
        variables.put("VAULT_SECRET_FILE_PASSWORD", password.toString());
        variables.put("VAULT_SECRET_MODE_PASSWORD", "0440");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(Files.readString(password).equals(first)).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                    .isEqualTo("r--r-----");

            String second = stage.rotate();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(Files.readString(password).equals(second)).isTrue();
            assertThat(Files.readString(settings).equals("password='" + second + "'\nuser='orders'\n"))
                    .isTrue();
            assertThat(Files.readString(answer).contains("\"password\": \"" + second + "\""))
                    .isTrue();

            stage.vault().seal();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(Files.readString(password).equals(second)).isTrue();
            assertThat(stage.vault().loginCount()).isEqualTo(1);
            assertThat(lambda.shutdown().process(Stage.EXTENSION).exitCode()).isZero();
        }
    }

    @Test
    void proxiesOverTlsAndRevokesItsTokenAtTheEnd() throws Exception {
        try (Stage secured = Stage.withTls()) {
            String password = secured.rotate();
            Map<String, String> variables = secured.extensionVariables();
            variables.put("VAULT_REVOKE_TOKEN_ON_CLOSE", "true");
            try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
                lambda.init();
                HttpResponse<String> answer = readThroughProxy(secured);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body().contains(password)).isTrue();
                assertThat(secured.vault().connectionCount())
                        .as("one connection for login and proxy")
                        .isEqualTo(1);
                assertThat(lambda.shutdown().process(Stage.EXTENSION).exitCode())
                        .isZero();
            }
            assertThat(secured.vault().requests())
                    .anySatisfy(request -> assertThat(request.path()).isEqualTo("auth/token/revoke-self"));
        }
    }

    @Test
    void vaultWithAnUntrustedCertificateEndsTheExtension() {
        try (Stage secured = Stage.withTls()) {
            Map<String, String> variables = secured.variables();
            variables.put("VAULT_CACERT_BYTES", TestCertificates.create().rootPem());
            fails(
                    variables,
                    "Extension.VaultNotTrusted",
                    "its certificate comes from an authority that is not trusted");
        }
    }

    @Test
    void allFaultsStandInOneLineAndNothingIsCalled() throws Exception {
        Map<String, String> variables = stage.extensionVariables();
        variables.remove("VAULT_ADDR");
        variables.remove("VAULT_AUTH_PROVIDER");
        variables.remove("AWS_SECRET_ACCESS_KEY");
        variables.put("VAULT_CLIENT_TIMEOUT", "soon");
        variables.put("VAULT_SECRET_PATH_DB", Stage.SECRET);
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            assertThatExceptionOfType(LambdaInitException.class)
                    .isThrownBy(lambda::init)
                    .satisfies(failure -> assertThat(failure.errorType()).isEqualTo("Extension.ConfigInvalid"));
            assertThat(lambda.output(Stage.EXTENSION))
                    .filteredOn(line -> line.contains("faults"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("[ERROR]")
                            .contains("VAULT_ADDR", "VAULT_AUTH_PROVIDER", "AWS_SECRET_ACCESS_KEY")
                            .contains("VAULT_CLIENT_TIMEOUT", "VAULT_SECRET_FILE_DB"));
            assertThat(lambda.timeline())
                    .extracting(LambdaEvent::type)
                    .containsSubsequence(LambdaEvent.Type.EXTENSION_REGISTERED, LambdaEvent.Type.INIT_ERROR);
        }
        assertThat(stage.vault().requests())
                .filteredOn(request -> request.login())
                .isEmpty();
    }

    @Test
    void refusedLoginEndsTheExtension() {
        Map<String, String> variables = stage.extensionVariables();
        variables.putAll(stage.strangersCredentials());
        fails(variables, "Extension.LoginRefused", "bound_iam_principal_arn of auth/aws/role/orders");
    }

    @Test
    void sealedVaultEndsTheExtension() {
        stage.vault().seal();
        fails(stage.extensionVariables(), "Extension.VaultSealed", "sealed");
    }

    @Test
    void missingSecretEndsTheExtension() {
        stage.vault().readable("orders", "secret/data/*");
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_SECRET_PATH", "secret/data/none");
        variables.put("VAULT_SECRET_FILE", folder.resolve("none.json").toString());
        variables.put("VAULT_EXTENSION_REQUIRE_SECRETS", "true");
        fails(variables, "Extension.SecretFilesNotWritten", "secret/data/none");
        assertThat(folder.resolve("none.json")).doesNotExist();
    }

    @Test
    void portInUseEndsTheExtension() throws Exception {
        try (ServerSocket taken = new ServerSocket(stage.proxyPort(), 1, InetAddress.getLoopbackAddress())) {
            fails(stage.extensionVariables(), "Extension.ProxyNotStarted", Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void modeFileOpensNoPort() {
        Map<String, String> variables = stage.extensionVariables();
        variables.put("VAULT_RUN_MODE", "file");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> readThroughProxy(stage));
        }
    }

    @Test
    void terminationSignalEndsItInOrder() throws Exception {
        try (LambdaEmulator lambda = Stage.extensionOnly(stage.extensionVariables())) {
            lambda.init();
            assertThat(readThroughProxy(stage).statusCode()).isEqualTo(200);
            ProcessHandle extension = lambda.process(Stage.EXTENSION);
            assertThat(extension.destroy()).isTrue();
            assertThat(extension.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
        }
    }

    private void fails(Map<String, String> variables, String type, String expected) {
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            assertThatExceptionOfType(LambdaInitException.class)
                    .isThrownBy(lambda::init)
                    .satisfies(failure -> assertThat(failure.errorType()).isEqualTo(type))
                    .withMessageContaining(expected);
            assertThat(lambda.output(Stage.EXTENSION))
                    .filteredOn(line -> line.contains("[ERROR]"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains(expected));
            assertThat(lambda.timeline())
                    .extracting(LambdaEvent::type)
                    .as("tells Lambda, and is never ready")
                    .contains(LambdaEvent.Type.INIT_ERROR)
                    .doesNotContain(LambdaEvent.Type.EXTENSION_READY);
        }
    }

    private static HttpResponse<String> readThroughProxy(Stage stage) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(stage.readThroughProxy(), HttpResponse.BodyHandlers.ofString());
    }
}
