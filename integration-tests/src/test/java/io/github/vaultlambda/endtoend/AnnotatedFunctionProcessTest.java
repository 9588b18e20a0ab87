package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.examples.OrdersFunctionWithVault;
import io.github.vaultlambda.examples.ShippingFunctionWithVault;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Generated wrapper classes under AWS's own runtime client. */
final class AnnotatedFunctionProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void aMethodGetsEventAndSecrets() {
        String password = stage.rotate();
        try (LambdaEmulator lambda = Stage.lambda(stage.variables())
                .javaFunction(Stage.classPath(), ShippingFunctionWithVault.class.getName() + "::ship")
                .build()) {
            lambda.init();

            assertThat(lambda.invoke("[\"tea\",\"milk\"]").payloadText())
                    .contains("\"orders\":\"tea,milk\"")
                    .contains("\"user\":\"orders\"")
                    .contains("\"discount\":\"0\"")
                    .contains(Fingerprint.of(password));
            assertThat(stage.vault().loginCount()).isEqualTo(1);
        }
    }

    @Test
    void invocationsSideBySideHaveTheCurrentValue() {
        stage.rotate();
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        try (LambdaEmulator lambda = Stage.function(OrdersFunctionWithVault.class, variables)
                .managedInstances(32)
                .build()) {
            lambda.init();
            for (int round = 0; round < 4; round++) {
                String password = stage.rotate();
                List<InvocationResult> results = lambda.invokeAll(Collections.nCopies(64, "{\"order\":\"4711\"}"));

                assertThat(results).hasSize(64).allSatisfy(result -> {
                    assertThat(result.outcome()).as(result.payloadText()).isEqualTo(InvocationResult.Outcome.OK);
                    assertThat(result.payloadText()).contains(Fingerprint.of(password));
                });
            }
            assertThat(stage.vault().loginCount()).isEqualTo(1);
        }
    }
}
