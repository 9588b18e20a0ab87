package io.github.vaultlambda.auth.awssdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.TestSecrets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Collects what a test prints, and fails it when a secret of the testkit is in there. */
final class CapturedOutput implements BeforeEachCallback, AfterEachCallback {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private @Nullable PrintStream standardOut;
    private @Nullable PrintStream standardErr;

    @Override
    public void beforeEach(ExtensionContext context) {
        standardOut = System.out;
        standardErr = System.err;
        PrintStream captured = new PrintStream(output, true, UTF_8);
        System.setOut(captured);
        System.setErr(captured);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setOut(standardOut);
        System.setErr(standardErr);
        assertThat(text().contains(TestSecrets.MARKER))
                .as("a secret was printed")
                .isFalse();
    }

    String text() {
        return output.toString(UTF_8);
    }

    /** Whether this is printed within a minute: the first lines of a process are written in the background. */
    boolean awaitText(String text) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!text().contains(text)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /** The stack trace with all causes, in which no secret is. */
    static String harmlessTrace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString().contains(TestSecrets.MARKER))
                .as("a secret is in the stack trace")
                .isFalse();
        return trace.toString();
    }
}
