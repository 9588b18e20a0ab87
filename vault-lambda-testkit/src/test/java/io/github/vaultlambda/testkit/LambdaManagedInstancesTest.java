package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LambdaManagedInstancesTest {
    private static final int CONCURRENCY = LambdaProcess.MEETING_SIZE;

    private static LambdaEmulator.Builder runtime() {
        return LambdaEmulator.builder()
                .managedInstances(CONCURRENCY)
                .timeout(Duration.ofSeconds(30))
                .function(LambdaProcess.command("runtime", "echo"));
    }

    @Test
    void runsInvocationsSideBySide() {
        try (LambdaEmulator lambda = runtime().build()) {
            lambda.init();

            List<InvocationResult> results = lambda.invokeAll(Collections.nCopies(3 * CONCURRENCY, "\"meet\""));

            assertThat(results)
                    .hasSize(3 * CONCURRENCY)
                    .extracting(InvocationResult::outcome)
                    .containsOnly(InvocationResult.Outcome.OK);
            assertThat(results).extracting(InvocationResult::requestId).doesNotHaveDuplicates();
            assertThatIllegalStateException().isThrownBy(lambda::freeze);
        }
    }

    @Test
    void resultsAreInTheOrderOfThePayloads() {
        try (LambdaEmulator lambda = runtime().build()) {
            lambda.init();
            List<InvocationResult> results = lambda.invokeAll(List.of("1", "\"fail\"", "3"));
            assertThat(results.get(0).payloadText()).contains("\"got\":1");
            assertThat(results.get(1).outcome()).isEqualTo(InvocationResult.Outcome.FUNCTION_ERROR);
            assertThat(results.get(2).payloadText()).contains("\"got\":3");
        }
    }

    @Test
    void onlyTheInvocationThatTakesTooLongTimesOut() {
        try (LambdaEmulator lambda =
                runtime().managedInstances(2).timeout(Duration.ofSeconds(2)).build()) {
            lambda.init();
            assertThat(lambda.invoke("\"hang\"").outcome()).isEqualTo(InvocationResult.Outcome.TIMEOUT);
            assertThat(lambda.process(LambdaEmulator.FUNCTION).isAlive()).isTrue();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(lambda.invoke("\"hang\"").outcome()).isEqualTo(InvocationResult.Outcome.TIMEOUT);
            assertThatIllegalStateException()
                    .as("both workers are lost")
                    .isThrownBy(() -> lambda.invoke("{}"))
                    .withMessageContaining("at a time 2");
        }
    }

    @Test
    void extensionsRegisterForShutdownAlone() {
        try (LambdaEmulator lambda = runtime()
                .extension("ext", LambdaProcess.command("extension", "ext", "[\"SHUTDOWN\"]", "ok"))
                .build()) {
            lambda.init();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(lambda.shutdown().process("ext").exitCode()).isZero();
            assertThat(lambda.output("ext"))
                    .filteredOn(line -> line.startsWith("event "))
                    .singleElement()
                    .asString()
                    .contains("SHUTDOWN");
        }
    }

    @Test
    void concurrencyIsAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LambdaEmulator.builder().managedInstances(0))
                .withMessageContaining("concurrency is 0");
    }
}
