package io.github.vaultlambda.rules;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.contract.SecretsLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Searches all that the tests of all modules have printed, at level TRACE where they log, for secrets: the patterns of
 * {@code secret-patterns.txt} and every secret of the {@link SecretsLedger}. Runs when all other tests of this module are over.
 */
class SecretsNeverPrintedTest {
    private final List<Pattern> patterns = patterns();
    private final List<String> ledger = ledger();

    @Test
    void noSecretInAnyOutput() throws IOException {
        List<Path> files = outputs();
        assertThat(files).as("outputs to search").isNotEmpty();
        List<String> finds = new ArrayList<>();
        for (Path file : files) {
            // one byte, one character: whatever a container has printed is a text then
            List<String> lines = Files.readAllLines(file, ISO_8859_1);
            for (int i = 0; i < lines.size(); i++) {
                if (holdsSecret(lines.get(i))) {
                    finds.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(finds).as("places of secrets (not shown)").isEmpty();
    }

    @Test
    void searchFindsWhatItIsFor() {
        assertThat(holdsSecret("nothing to see here: AWS4-HMAC-SHA256, X-Amz-Security-Token, hvs.short"))
                .isFalse();
        for (String secret : List.of(
                "password-n0tf0rl0gs" + "-1",
                "hvs.CAESIJ4mNnRm" + "0123456789",
                "Authorization: AWS4-HMAC-SHA256 " + "Credential=ASIA/20260101",
                "X-Amz-Security-Token: " + "IQoJb3JpZ2luX2VjEJr//////////wEa",
                "\"x-amz-security-token\":[\"" + "IQoJb3JpZ2luX2VjEJr//////////wEa")) {
            assertThat(holdsSecret("a " + secret)).isTrue();
        }
        for (int shift = 0; shift < 3; shift++) {
            String headers = " ".repeat(shift) + "AWS4-HMAC-SHA256 " + "Credential=ASIA/20260101";
            assertThat(holdsSecret(Base64.getEncoder().encodeToString(headers.getBytes(UTF_8))))
                    .isTrue();
        }
    }

    private boolean holdsSecret(String line) {
        for (Pattern pattern : patterns) {
            if (pattern.matcher(line).find()) {
                return true;
            }
        }
        for (String secret : ledger) {
            if (line.contains(secret)) {
                return true;
            }
        }
        return false;
    }

    /** The test reports of all modules and the logs of the containers. */
    private static List<Path> outputs() throws IOException {
        List<Path> folders = new ArrayList<>();
        folders.add(Path.of("target", "container-logs"));
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            modules.map(module -> module.resolve(Path.of("target", "surefire-reports")))
                    .forEach(folders::add);
        }
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> found = Files.walk(folder)) {
                    found.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        return files;
    }

    private static List<Pattern> patterns() {
        try (InputStream in = Objects.requireNonNull(
                SecretsNeverPrintedTest.class.getResourceAsStream("/secret-patterns.txt"), "secret-patterns.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Pattern::compile)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> ledger() {
        try {
            return Files.exists(SecretsLedger.FILE) ? Files.readAllLines(SecretsLedger.FILE) : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
