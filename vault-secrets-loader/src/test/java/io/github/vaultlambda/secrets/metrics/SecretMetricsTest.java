package io.github.vaultlambda.secrets.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.SecretReference;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMetricsTest {
    private static final SecretReference DB = SecretReference.parse("secret/data/db#password");
    private static final List<String> NAMES = List.of(
            "SecretHits",
            "SecretMisses",
            "SecretRefreshes",
            "SecretChanges",
            "SecretRenewals",
            "SecretStaleServed",
            "SecretFailures",
            "SecretTimeInVault");

    private final SecretMetrics metrics = new SecretMetrics();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, UTF_8);

    private void oneDay() {
        metrics.missed(DB);
        metrics.refreshed(DB, Duration.ofMillis(20), false);
        for (int i = 0; i < 5; i++) {
            metrics.hit(DB);
        }
        metrics.refreshed(DB, Duration.ofMillis(7), true);
        metrics.renewed(DB, Duration.ofMillis(3), Duration.ofHours(1));
        metrics.failed(DB, Duration.ofMillis(1), VaultUnavailableException.notInTime("secret/data/db", null));
        metrics.servedStale(DB, Duration.ofMinutes(2));
    }

    @Test
    void countsEachThingForItself() {
        assertThat(metrics.counts()).isEqualTo(new SecretCounts(0, 0, 0, 0, 0, 0, 0, Duration.ZERO));

        oneDay();

        assertThat(metrics.counts()).isEqualTo(new SecretCounts(5, 1, 2, 1, 1, 1, 1, Duration.ofMillis(31)));
    }

    @Test
    void tellsWhatHasComeSince() {
        oneDay();
        SecretCounts before = metrics.counts();
        metrics.hit(DB);

        assertThat(metrics.counts().since(before)).isEqualTo(new SecretCounts(1, 0, 0, 0, 0, 0, 0, Duration.ZERO));
    }

    @Test
    void embedsWhatHasHappenedSinceTheLastLine() throws Exception {
        EmbeddedMetrics embedded = EmbeddedMetrics.of(metrics, "Orders \"EU\"", out)
                .withDimension("Function", "pay")
                .withDimension("Stage", "prod")
                .withClock(InstantSource.fixed(Instant.parse("2026-03-01T12:00:00.123Z")));
        embedded.flush();
        assertThat(written.size()).isZero();

        oneDay();
        embedded.flush();
        embedded.flush();
        metrics.hit(DB);
        embedded.flush();

        List<String> lines = written.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode first = new JsonMapper().readTree(lines.get(0));
        JsonNode header = first.get("_aws");
        assertThat(header.get("Timestamp").longValue()).isEqualTo(1772366400123L);
        JsonNode definition = header.get("CloudWatchMetrics").get(0);
        assertThat(definition.get("Namespace").asText()).isEqualTo("Orders \"EU\"");
        assertThat(definition.get("Dimensions").toString()).isEqualTo("[[\"Function\",\"Stage\"]]");
        assertThat(definition.get("Metrics").findValuesAsText("Name")).isEqualTo(NAMES);
        assertThat(new TreeSet<>(definition.get("Metrics").findValuesAsText("Unit")))
                .containsExactly("Count", "Milliseconds");
        assertThat(NAMES.stream().map(name -> first.get(name).longValue()).toList())
                .containsExactly(5L, 1L, 2L, 1L, 1L, 1L, 1L, 31L);
        assertThat(first.get("Function").asText()).isEqualTo("pay");
        assertThat(first.get("Stage").asText()).isEqualTo("prod");
        JsonNode second = new JsonMapper().readTree(lines.get(1));
        assertThat(NAMES.stream().map(name -> second.get(name).longValue()).toList())
                .containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void partsOfMillisecondsAddUpFromLineToLine() throws Exception {
        EmbeddedMetrics embedded = EmbeddedMetrics.of(metrics, "Orders", out);
        long millis = 0;
        for (int i = 0; i < 5; i++) {
            written.reset();
            metrics.refreshed(DB, Duration.ofNanos(600_000), false);
            embedded.flush();
            millis += new JsonMapper()
                    .readTree(written.toString(UTF_8))
                    .get("SecretTimeInVault")
                    .longValue();
        }
        assertThat(millis).isEqualTo(3);
    }

    @Test
    void withoutDimensionsTheyAreNone() throws Exception {
        metrics.hit(DB);

        EmbeddedMetrics.of(metrics, "Orders", out).flush();

        JsonNode definition =
                new JsonMapper().readTree(written.toString(UTF_8)).at("/_aws/CloudWatchMetrics/0/Dimensions");
        assertThat(definition.toString()).isEqualTo("[[]]");
    }

    @Test
    void whatCloudWatchWouldRefuseIsRefused() {
        EmbeddedMetrics embedded = EmbeddedMetrics.of(metrics, "Orders", out);
        assertThatThrownBy(() -> EmbeddedMetrics.of(metrics, " ", out)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> embedded.withDimension("", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> embedded.withDimension(":x", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> embedded.withDimension("x", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> embedded.withDimension("x".repeat(251), "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> embedded.withDimension("x", "x".repeat(1025)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_aws", "SecretHits", "SecretTimeInVault"})
    void aDimensionCannotTakeTheNameOfWhatIsThereAlready(String name) {
        EmbeddedMetrics embedded = EmbeddedMetrics.of(metrics, "Orders", out);
        assertThatThrownBy(() -> embedded.withDimension(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aLineIsOneLineWhateverTheDimension() throws Exception {
        String odd = "a\"\\\n\r\u2028\u0000\u007f \ud83d\ude00 ü";
        metrics.hit(DB);
        EmbeddedMetrics.of(metrics, odd, out).withDimension(odd, odd).flush();
        String line = written.toString(UTF_8);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        JsonNode node = new JsonMapper().readTree(line);
        assertThat(node.get(odd).asText()).isEqualTo(odd);
        assertThat(node.at("/_aws/CloudWatchMetrics/0/Namespace").asText()).isEqualTo(odd);
    }

    @Test
    void micrometerReadsTheSameCounts() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new MicrometerMetrics(metrics).bindTo(registry);

        oneDay();

        assertThat(count(registry, "hits")).isEqualTo(5);
        assertThat(count(registry, "misses")).isEqualTo(1);
        assertThat(count(registry, "refreshes")).isEqualTo(2);
        assertThat(count(registry, "changes")).isEqualTo(1);
        assertThat(count(registry, "renewals")).isEqualTo(1);
        assertThat(count(registry, "stale.served")).isEqualTo(1);
        assertThat(count(registry, "failures")).isEqualTo(1);
        FunctionTimer timer = registry.get("vault.secrets.time.in.vault").functionTimer();
        assertThat(timer.count()).isEqualTo(4);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(31);
    }

    private static double count(SimpleMeterRegistry registry, String name) {
        return registry.get("vault.secrets." + name).functionCounter().count();
    }
}
