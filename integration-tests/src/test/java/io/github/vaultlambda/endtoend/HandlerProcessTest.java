package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.examples.LegacyFunction;
import io.github.vaultlambda.examples.ReceiptFunction;
import io.github.vaultlambda.examples.RefundFunction;
import io.github.vaultlambda.handler.entry.VaultEntryHandler;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaInitException;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decorators, base classes and the entry handler under AWS's own runtime client, in every way that Lambda starts a function. */
final class HandlerProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void aMethodIsDecorated() {
        String password = stage.rotate();
        try (LambdaEmulator lambda = Stage.function(ReceiptFunction.class.getName() + "::handle", stage.variables())
                .build()) {
            lambda.init();
            assertThat(stage.vault().loginCount()).as("read during init").isEqualTo(1);
            assertThat(ok(lambda)).contains("\"order\":\"4711\"").contains(Fingerprint.of(password));
        }
    }

    @Test
    void aBaseClassHandsOutSecrets() {
        String first = stage.rotate();
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        try (LambdaEmulator lambda =
                Stage.function(RefundFunction.class, variables).build()) {
            lambda.init();
            assertThat(ok(lambda)).contains(Fingerprint.of(first)).contains("\"user\":\"orders\"");
            String second = stage.rotate();
            assertThat(ok(lambda)).contains(Fingerprint.of(second));
        }
        assertThat(stage.vault().loginCount()).isEqualTo(1);
    }

    private Map<String, String> legacy() {
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_LAMBDA_HANDLER", LegacyFunction.class.getName() + "::handle");
        variables.put("DB_PASSWORD", "vault:" + Stage.SECRET + "#password");
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        return variables;
    }

    @Test
    void aJarThatCannotChangeFindsItsSecretsInProperties() {
        String first = stage.rotate();
        try (LambdaEmulator lambda =
                Stage.function(VaultEntryHandler.class, legacy()).build()) {
            lambda.init();
            assertThat(ok(lambda))
                    .contains("\"atFirst\":\"" + Fingerprint.of(first))
                    .contains("\"passwordFingerprint\":\"" + Fingerprint.of(first));
            String second = stage.rotate();
            assertThat(ok(lambda))
                    .contains("\"atFirst\":\"" + Fingerprint.of(first))
                    .contains("\"passwordFingerprint\":\"" + Fingerprint.of(second));
        }
    }

    @Test
    void aJarThatCannotChangeIsLoadedAfterTheRestore() {
        String first = stage.rotate();
        try (LambdaEmulator lambda = Stage.function(VaultEntryHandler.class, legacy())
                .snapStart(stage.containerCredentials())
                .build()) {
            lambda.init();
            assertThat(stage.vault().loginCount()).isZero();
            lambda.restore();
            assertThat(ok(lambda)).contains("\"atFirst\":\"" + Fingerprint.of(first));
        }
    }

    // What is wrong with a set-up is one line.

    @Test
    void aWrappedClassThatIsMissingIsToldInOneLine() {
        Map<String, String> variables = legacy();
        variables.put("VAULT_LAMBDA_HANDLER", "com.example.Missing");
        assertInitFailsInOneLine(
                VaultEntryHandler.class,
                variables,
                "VAULT_LAMBDA_HANDLER is \"com.example.Missing\": there is no class com.example.Missing on the class path of the"
                        + " function",
                "io.github.vaultlambda.handler.HandlerSetupException");
    }

    @Test
    void faultsOfVariablesAreToldInOneLine() {
        Map<String, String> variables = stage.variables();
        variables.remove("VAULT_ADDR");
        variables.put("VAULT_HANDLER_ON_FAILURE", "shrug");
        assertInitFailsInOneLine(
                RefundFunction.class,
                variables,
                "Vault configuration has 2 faults: (1) VAULT_HANDLER_ON_FAILURE is \"shrug\": write fail or continue (2)"
                        + " VAULT_ADDR is missing",
                "io.github.vaultlambda.config.VaultConfigException");
    }

    private static void assertInitFailsInOneLine(
            Class<?> handler, Map<String, String> variables, String line, String type) {
        try (LambdaEmulator lambda = Stage.function(handler, variables).build()) {
            LambdaInitException failure = catchThrowableOfType(LambdaInitException.class, lambda::init);
            assertThat(failure).hasMessageContaining(line.replace("\"", "\\\"")).hasMessageContaining(type);
            List<String> output = lambda.output(LambdaEmulator.FUNCTION);
            assertThat(output)
                    .anySatisfy(logged -> assertThat(logged).startsWith(line).endsWith(": " + type));
            assertThat(output).noneMatch(logged -> logged.startsWith("\tat "));
        }
    }

    // SnapStart.

    @ParameterizedTest
    @ValueSource(strings = {"lazy", "login"})
    void nothingOfVaultIsInTheSnapshot(String restore) {
        stage.rotate();
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_HANDLER_RESTORE", restore);
        try (LambdaEmulator lambda = Stage.function(RefundFunction.class, variables)
                .snapStart(stage.containerCredentials())
                .build()) {
            lambda.init();
            assertThat(stage.vault().requests()).as("before the snapshot").isEmpty();
            lambda.collectGarbage(); // the hooks must be held
            String password = stage.rotate();
            lambda.restore();
            assertThat(stage.vault().loginCount()).isEqualTo(restore.equals("login") ? 1 : 0);
            assertThat(ok(lambda)).contains(Fingerprint.of(password));
            assertThat(stage.vault().loginCount()).isEqualTo(1);
        }
    }

    @Test
    void vaultOutOfReachDoesNotFailTheRestore() {
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_HANDLER_RESTORE", "login");
        variables.put("VAULT_CLIENT_TIMEOUT", "1s");
        VaultStandIn vault = stage.vault();
        try (LambdaEmulator lambda = Stage.function(RefundFunction.class, variables)
                .snapStart(stage.containerCredentials())
                .build()) {
            lambda.init();
            vault.seal();
            lambda.restore();
            vault.unseal();
            assertThat(ok(lambda)).contains("\"user\":\"orders\"");
        }
    }

    // Managed Instances.

    @Test
    void thirtyTwoInvocationsShareOneLogin() {
        String password = stage.rotate();
        try (LambdaEmulator lambda = Stage.function(ReceiptFunction.class.getName() + "::handle", stage.variables())
                .managedInstances(32)
                .build()) {
            lambda.init();
            List<String> payloads = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                payloads.add("{\"order\":\"" + i + "\"}");
            }
            List<InvocationResult> results = lambda.invokeAll(payloads);
            for (int i = 0; i < 64; i++) {
                assertThat(results.get(i).payloadText())
                        .contains("\"order\":\"" + i + "\"")
                        .contains(Fingerprint.of(password));
            }
        }
        assertThat(stage.vault().loginCount()).isEqualTo(1);
    }

    private static String ok(LambdaEmulator lambda) {
        InvocationResult result = lambda.invoke("{\"order\":\"4711\"}");
        assertThat(result.outcome()).as(result.payloadText()).isEqualTo(InvocationResult.Outcome.OK);
        return result.payloadText();
    }
}
