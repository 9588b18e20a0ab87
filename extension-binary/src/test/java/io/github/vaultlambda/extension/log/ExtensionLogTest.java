package io.github.vaultlambda.extension.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.extension.proxy.ProxyServer;
import io.github.vaultlambda.log.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lines look like, and which are written. */
class ExtensionLogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final RequestId requestId = new RequestId();

    private ExtensionLog log() {
        return ExtensionLog.of(
                        environment, LogLevel.INFO, "my-extension", requestId, new PrintStream(written, true, UTF_8))
                .withClock(() -> Instant.parse("2026-02-09T03:04:05.006Z"));
    }

    private String written() {
        return written.toString(UTF_8);
    }

    @Test
    void writesLinesAsItsPredecessorDoes() {
        log().write(LogLevel.INFO, ExtensionLog.class, "one", null);
        log().write(LogLevel.ERROR, ProxyServer.class, "two", null);
        log().write(LogLevel.WARN, VaultClient.class, "three\nfour\r\u2028", null);
        assertThat(written()).isEqualTo("""
                        2026-02-09T03:04:05.006Z [INFO]  my-extension: one
                        2026-02-09T03:04:05.006Z [ERROR] my-extension.proxy: two
                        2026-02-09T03:04:05.006Z [WARN]  my-extension.vault-client: three four\s\s
                        """);
    }

    @Test
    void writesAFailureWithItsTraceBelowTheLine() {
        Exception failure = new IllegalStateException("a\nb", new IOException("c"));
        log().write(LogLevel.ERROR, ExtensionLog.class, "broken", failure);
        assertThat(written().lines())
                .startsWith(
                        "2026-02-09T03:04:05.006Z [ERROR] my-extension: broken",
                        "  | java.lang.IllegalStateException: a b")
                .contains("  | caused by java.io.IOException: c")
                .anyMatch(line -> line.startsWith("  |   at io.github.vaultlambda.extension.log.ExtensionLogTest"));
    }

    @Test
    void writesJsonWithLambdasNamesWhereLambdaIsToldTo() throws IOException {
        environment.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
        log().write(LogLevel.INFO, ProxyServer.class, "say \"one\"\nline", null);
        requestId.set("id-1");
        log().write(LogLevel.ERROR, VaultClient.class, "broken", new IOException("why"));
        String[] lines = written().split("\n", -1);
        assertThat(lines).hasSize(3);
        assertThat(lines[0])
                .isEqualTo(
                        "{\"timestamp\":\"2026-02-09T03:04:05.006Z\",\"level\":\"INFO\",\"message\":\"say \\\"one\\\"\\nline\","
                                + "\"logger\":\"my-extension.proxy\"}");
        SecretValue second = SecretValue.parse(lines[1].getBytes(UTF_8));
        assertThat(second.text("requestId")).isEqualTo("id-1");
        assertThat(second.text("errorType")).isEqualTo("java.io.IOException");
        assertThat(second.text("errorMessage")).isEqualTo("why");
        assertThat(second.texts("stackTrace")).first().isEqualTo("java.io.IOException: why");
    }

    @ParameterizedTest
    @CsvSource({
        "trace, '', DEBUG INFO WARN ERROR",
        "' DEBUG ', '', DEBUG INFO WARN ERROR",
        "'', '', INFO WARN ERROR",
        "warning, '', INFO WARN ERROR",
        "Warn, '', WARN ERROR",
        "error, '', ERROR",
        "OFF, '', ''",
        "'', DEBUG, DEBUG INFO WARN ERROR",
        "' ', TRACE, DEBUG INFO WARN ERROR",
        "'', FATAL, ERROR",
        "error, DEBUG, ERROR",
    })
    void writesFromTheLevelOnThatIsAskedFor(String vaultLevel, String lambdaLevel, String expected) {
        environment.put("VAULT_LOG_LEVEL", vaultLevel);
        environment.put("AWS_LAMBDA_LOG_LEVEL", lambdaLevel);
        StringBuilder enabled = new StringBuilder();
        for (LogLevel level : LogLevel.values()) {
            enabled.append(log().isEnabled(level) ? level + " " : "");
        }
        assertThat(enabled.toString().strip()).isEqualTo(expected);
    }
}
