package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.testkit.LambdaEmulator;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Decorated handlers beside Powertools for Lambda. */
final class PowertoolsTest {
    @AutoClose
    private final Stage stage = new Stage();

    private Map<String, String> variables() {
        Map<String, String> variables = stage.variables();
        variables.put("POWERTOOLS_METRICS_NAMESPACE", "orders");
        variables.put("POWERTOOLS_SERVICE_NAME", "orders");
        variables.put("AWS_EMF_ENVIRONMENT", "Lambda"); // else it looks for a metadata service in the network
        return variables;
    }

    @Test
    void bothDoTheirWork() throws InterruptedException {
        String password = stage.rotate();
        try (LambdaEmulator lambda =
                Stage.function(PowertoolsFunction.class, variables()).build()) {
            lambda.init();
            assertWorks(lambda, password);
        }
    }

    @Test
    void bothDoSoAfterARestore() throws InterruptedException {
        try (LambdaEmulator lambda = Stage.function(PowertoolsFunction.class, variables())
                .snapStart(stage.containerCredentials())
                .build()) {
            lambda.init();
            assertThat(stage.vault().requests()).isEmpty();
            String password = stage.rotate();
            lambda.restore();
            assertWorks(lambda, password);
        }
    }

    private static void assertWorks(LambdaEmulator lambda, String password) throws InterruptedException {
        assertThat(lambda.invoke("{\"order\":\"4711\"}").payloadText())
                .isEqualTo("\"" + Fingerprint.of(password) + "\"");
        Stage.awaitOutput(lambda, LambdaEmulator.FUNCTION, "\"Orders\":1");
    }
}
