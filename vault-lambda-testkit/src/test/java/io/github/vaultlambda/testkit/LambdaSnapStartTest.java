package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LambdaSnapStartTest {
    private final FunctionVault vault = FunctionVault.start();

    @AfterEach
    void stop() {
        vault.close();
    }

    private LambdaEmulator.Builder runtime(String mode) {
        return LambdaEmulator.builder()
                .environment(vault.environment())
                .snapStart(vault.containerCredentials())
                .timeout(Duration.ofSeconds(30))
                .restoreTimeout(Duration.ofSeconds(60))
                .function(LambdaProcess.command("runtime", mode));
    }

    private static List<LambdaEvent.Type> types(LambdaEmulator lambda) {
        return lambda.timeline().stream().map(LambdaEvent::type).toList();
    }

    @Test
    void isHeldBetweenSnapshotAndRestore() {
        try (LambdaEmulator lambda = runtime("restore")
                .extension("ext", LambdaProcess.command("extension", "ext", "[\"INVOKE\",\"SHUTDOWN\"]", "ok"))
                .build()) {
            InitReport init = lambda.init();

            assertThat(init.ready()).containsOnlyKeys("ext", LambdaEmulator.FUNCTION);
            assertThat(types(lambda))
                    .contains(LambdaEvent.Type.RUNTIME_SNAPSHOT_READY)
                    .doesNotContain(LambdaEvent.Type.RUNTIME_READY, LambdaEvent.Type.RESTORE_SENT);
            assertThatIllegalStateException()
                    .isThrownBy(() -> lambda.invoke("{}"))
                    .withMessageContaining("restore()");

            RestoreReport restore = lambda.restore();

            assertThat(restore.duration()).isPositive();
            assertThat(types(lambda))
                    .containsSubsequence(
                            LambdaEvent.Type.RUNTIME_SNAPSHOT_READY,
                            LambdaEvent.Type.RESTORE_SENT,
                            LambdaEvent.Type.RUNTIME_READY);
            InvocationResult result = lambda.invoke("{\"a\":1}");
            assertThat(result.outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(result.payloadText()).contains(":function:test-function:1\"");
            assertThat(lambda.output(LambdaEmulator.FUNCTION))
                    .contains(
                            "keys null null null",
                            "credentials " + vault.containerCredentials().uri(),
                            "initialization snap-start version 1",
                            "restored 200",
                            "hooks done");
            assertThatIllegalStateException().isThrownBy(lambda::restore).withMessageContaining("once");
            assertThat(lambda.shutdown().process("ext").exitCode()).isZero();
            assertThat(lambda.output("ext"))
                    .filteredOn(line -> line.startsWith("event "))
                    .as("the restore is no event")
                    .hasSize(2);
        }
    }

    @Test
    void aFrozenEnvironmentWakesWithItsRestoreAndWithAnInvocation() throws Exception {
        try (LambdaEmulator lambda = runtime("restore").build()) {
            lambda.init();
            lambda.freeze();
            isStopped(lambda.process(LambdaEmulator.FUNCTION));
            assertThatIllegalStateException().isThrownBy(lambda::collectGarbage).withMessageContaining("frozen");
            lambda.restore();
            lambda.freeze();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            lambda.freeze();
            lambda.thaw();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
        }
    }

    /** A signal needs its time to arrive. */
    private static void isStopped(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "stat");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Files.readString(status).contains(") T ")) {
            assertThat(System.nanoTime()).as("still not stopped").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void garbageIsCollectedWhenAsked() {
        try (LambdaEmulator lambda = runtime("restore").build()) {
            lambda.init();
            lambda.collectGarbage();
            lambda.restore();
            assertThat(lambda.invoke("\"weak\"").payloadText()).contains("\"gone\"");
        }
        try (LambdaEmulator script = LambdaEmulator.builder()
                .extension("script", List.of("sh", "-c", "sleep 60"))
                .build()) {
            assertThatIllegalStateException()
                    .isThrownBy(script::collectGarbage)
                    .withMessageContaining("was not started");
        }
    }

    @Test
    void aRuntimeThatKnowsNoSnapshotsIsReadyAtOnce() {
        try (LambdaEmulator lambda = runtime("echo").build()) {
            lambda.init();
            lambda.restore();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
        }
    }

    @Test
    void whatTheRuntimeReportsFailsTheRestore() {
        assertThat(failureOf("restore-error")).isEqualTo("Runtime.Hook");
        assertThat(failureOf("restore-exit")).isEqualTo("Runtime.ExitError");
    }

    private String failureOf(String mode) {
        try (LambdaEmulator lambda = runtime(mode).build()) {
            lambda.init();
            LambdaRestoreException failure = catchThrowableOfType(LambdaRestoreException.class, lambda::restore);
            assertThat(failure).hasMessageStartingWith(failure.errorType() + ": function ");
            return failure.errorType();
        }
    }

    @Test
    void aSlowHookFailsTheRestore() {
        try (LambdaEmulator lambda =
                runtime("restore-hang").restoreTimeout(Duration.ofMillis(500)).build()) {
            lambda.init();
            assertThatExceptionOfType(LambdaRestoreException.class)
                    .isThrownBy(lambda::restore)
                    .withMessageStartingWith(
                            "Lambda.SnapStartTimeoutException: the restore took longer than 500 ms waiting for processes to ask"
                                    + " for an invocation; function is not ready")
                    .withMessageContaining("restored 200");
            assertThat(lambda.process(LambdaEmulator.FUNCTION).onExit()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void onlySnapStartIsRestored() throws Exception {
        try (LambdaEmulator lambda = LambdaEmulator.builder().build()) {
            lambda.init();
            assertThatIllegalStateException().isThrownBy(lambda::restore).withMessageContaining("SnapStart");
            String next = "http://" + lambda.runtimeApi() + "/2018-06-01/runtime/restore/next";
            assertThat(Http.send("GET", next, Map.of(), null).status()).isEqualTo(404);
        }
    }
}
