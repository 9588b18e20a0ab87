package io.github.vaultlambda.endtoend;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invocations side by side in one process, under AWS's own runtime client, while their secrets rotate. */
final class ManagedInstancesProcessTest {
    private static final int CONCURRENCY = 32;
    private static final Pattern ONE_SET = Pattern.compile(
            "\\{\"(first|last)\":\"(user-\\d+) has the password of \\2\",\"(first|last)\":\"\\2 has the password of \\2\"}");

    private final Stage stage = new Stage();
    private final ScheduledExecutorService rotation = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger users = new AtomicInteger();

    @AfterEach
    void close() {
        rotation.shutdownNow();
        stage.close();
    }

    private void rotate() {
        String user = "user-" + users.incrementAndGet();
        stage.give(Map.of("user", user, "password", TestSecrets.mint("password-") + "/" + user));
    }

    @Test
    void eachInvocationSeesOneSetWhileSecretsRotate() {
        rotate();
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        try (LambdaEmulator lambda = Stage.function(ParallelFunctionWithVault.class, variables)
                .managedInstances(CONCURRENCY)
                .timeout(Duration.ofSeconds(90))
                .build()) {
            lambda.init();
            ScheduledFuture<?> rotations = rotation.scheduleWithFixedDelay(this::rotate, 0, 5, MILLISECONDS);

            List<InvocationResult> results = lambda.invokeAll(Collections.nCopies(20 * CONCURRENCY, "\"4711\""));

            assertThat(results)
                    .allSatisfy(result -> assertThat(result.payloadText()).matches(ONE_SET));
            assertThat(results.stream().map(InvocationResult::payloadText).distinct())
                    .as("what was seen of the rotations")
                    .hasSizeGreaterThan(2);
            assertThat(stage.vault().loginCount()).isEqualTo(1);
            assertThat(rotations.isDone()).as("the rotation failed").isFalse();
        }
    }
}
