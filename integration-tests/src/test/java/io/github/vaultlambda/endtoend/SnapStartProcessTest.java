package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a snapshot that is old when it is restored. The function has read its secret before, as one may that knows nothing
 * of snapshots; meanwhile its token is gone, its connections are closed, and its role has other credentials.
 */
final class SnapStartProcessTest {
    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @ValueSource(strings = {"lazy", "login"})
    void nothingOfAnOldSnapshotIsUsed(String restore) {
        String early = stage.rotate();
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_HANDLER_RESTORE", restore);
        try (LambdaEmulator lambda = Stage.function(EarlyFunction.class, variables)
                .snapStart(stage.containerCredentials())
                .build()) {
            lambda.init();
            assertThat(lambda.output(LambdaEmulator.FUNCTION)).contains("early " + Fingerprint.of(early));
            assertThat(stage.vault().loginCount()).isEqualTo(1);
            assertThat(stage.containerCredentials().requestCount()).isEqualTo(1);

            lambda.collectGarbage();
            lambda.freeze();
            String current = stage.rotate();
            stage.vault().revokeAllTokens();
            stage.vault().closeConnections();
            stage.containerCredentials().rotate();
            stage.vault().clearRequests();
            lambda.restore();

            assertThat(stage.vault().loginCount()).isEqualTo(restore.equals("login") ? 1 : 0);
            InvocationResult result = lambda.invoke("\"4711\"");
            assertThat(result.payloadText()).isEqualTo("\"" + Fingerprint.of(current) + "\"");
            assertThat(stage.vault().requests())
                    .as("the token of the snapshot is not even tried")
                    .allSatisfy(request -> assertThat(request.status()).isEqualTo(200));
            assertThat(stage.vault().loginCount()).isEqualTo(1);
            assertThat(stage.containerCredentials().requestCount())
                    .as("nor are its credentials")
                    .isEqualTo(2);
        }
    }
}
