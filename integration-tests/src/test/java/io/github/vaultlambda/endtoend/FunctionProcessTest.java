package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.examples.InvoiceFunction;
import io.github.vaultlambda.examples.OrdersFunctionWithVault;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaInitException;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Java functions under AWS's own runtime client, with the secrets read in their process. */
final class FunctionProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void annotatedFieldHasTheValueAndFollowsItsRotation() {
        String first = stage.rotate();
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        try (LambdaEmulator lambda = function(OrdersFunctionWithVault.class, variables)) {
            lambda.init();
            assertThat(stage.vault().loginCount()).as("logged in during init").isEqualTo(1);
            assertThat(ok(lambda)).contains(Fingerprint.of(first));
            String second = stage.rotate();
            assertThat(ok(lambda)).contains(Fingerprint.of(second));
            assertThat(stage.vault().loginCount()).isEqualTo(1);
        }
    }

    @Test
    void valueIsKeptWhileItIsFresh() {
        String first = stage.rotate();
        try (LambdaEmulator lambda = function(OrdersFunctionWithVault.class, stage.variables())) {
            lambda.init();
            assertThat(ok(lambda)).contains(Fingerprint.of(first));
            stage.rotate();
            assertThat(ok(lambda)).contains(Fingerprint.of(first));
        }
        assertThat(stage.vault().requests())
                .filteredOn(request -> !request.login())
                .filteredOn(request ->
                        request.path().equals(Stage.SECRET) && request.method().equals("GET"))
                .hasSize(1);
    }

    @Test
    void decoratedStreamHandlerGetsARecord() {
        String password = stage.rotate();
        try (LambdaEmulator lambda = function(InvoiceFunction.class, stage.variables())) {
            lambda.init();
            assertThat(ok(lambda)).contains("\"user\":\"orders\"").contains(Fingerprint.of(password));
        }
    }

    @Test
    void missingVariablesEndInitWithOneMessage() {
        Map<String, String> variables = stage.variables();
        variables.remove("VAULT_ADDR");
        variables.remove("VAULT_AUTH_ROLE");
        variables.put("VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "ten");
        try (LambdaEmulator lambda = function(OrdersFunctionWithVault.class, variables)) {
            assertThatExceptionOfType(LambdaInitException.class)
                    .isThrownBy(lambda::init)
                    .withMessageContaining("3 faults")
                    .withMessageContaining("VAULT_ADDR is missing")
                    .withMessageContaining("VAULT_AUTH_ROLE is missing")
                    .withMessageContaining("VAULT_TOKEN_EXPIRY_GRACE_PERIOD is");
        }
        assertThat(stage.vault().loginCount()).isZero();
    }

    @Test
    void refusedLoginFailsTheInvocationWithItsCause() {
        Map<String, String> variables = stage.variables();
        variables.putAll(stage.strangersCredentials());
        try (LambdaEmulator lambda = function(OrdersFunctionWithVault.class, variables)) {
            lambda.init();
            InvocationResult result = lambda.invoke("{}");
            assertThat(result.outcome()).isEqualTo(InvocationResult.Outcome.FUNCTION_ERROR);
            assertThat(result.payloadText())
                    .contains("\"errorType\":\"io.github.vaultlambda.auth.aws.RoleNotBoundException\"")
                    .contains("bound_iam_principal_arn of auth/aws/role/orders");
        }
    }

    private static LambdaEmulator function(Class<?> handler, Map<String, String> variables) {
        return Stage.function(handler, variables).build();
    }

    private static String ok(LambdaEmulator lambda) {
        InvocationResult result = lambda.invoke("{\"order\":\"4711\"}");
        assertThat(result.outcome()).as(result.payloadText()).isEqualTo(InvocationResult.Outcome.OK);
        return result.payloadText();
    }
}
