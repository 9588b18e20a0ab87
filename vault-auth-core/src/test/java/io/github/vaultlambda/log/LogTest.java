package io.github.vaultlambda.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A program's own log. */
class LogTest {
    private static final Log LOG = Log.of(LogTest.class);

    private final List<String> lines = new ArrayList<>();

    private final class Lines implements LogWriter {
        @Override
        public boolean isEnabled(LogLevel level) {
            return level != LogLevel.DEBUG;
        }

        @Override
        public void write(LogLevel level, Class<?> owner, String message, @Nullable Throwable failure) {
            if (owner == LogTest.class) { // other tests may run beside this one
                lines.add(level + " " + message + (failure == null ? "" : " " + failure.getMessage()));
            }
        }
    }

    @AfterEach
    void tearDown() {
        Log.writeTo(null);
    }

    @Test
    void hasTheLinesAtOnceAndInWords() {
        Log.writeTo(new Lines());
        LOG.debug("not {}", "this");
        LOG.info("{} and {}{}", 1, "two", null);
        LOG.warn("{}", "why", new IOException("because"));
        LOG.error("{} {}", new IOException("in words"), "last");
        LOG.info("{} left open {}", "one");
        LOG.info("none", "too much");
        assertThat(lines)
                .containsExactly(
                        "INFO 1 and twonull",
                        "WARN why because",
                        "ERROR java.io.IOException: in words last",
                        "INFO one left open {}",
                        "INFO none");
    }
}
