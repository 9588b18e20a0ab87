package io.github.vaultlambda.extension.log;

import io.github.vaultlambda.log.LogLevel;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From which level on lines are written. */
final class LogThreshold {
    private LogThreshold() {}

    /**
     * What {@code VAULT_LOG_LEVEL} says ({@code trace}, {@code debug}, {@code info}, {@code warn}, {@code error}, {@code off}, in any
     * case; info for every other text), without it {@code AWS_LAMBDA_LOG_LEVEL}.
     *
     * @param otherwise the level when neither is set
     * @return the lowest level that is written; null for none
     */
    static @Nullable LogLevel of(Map<String, String> environment, LogLevel otherwise) {
        String own = text(environment.get("VAULT_LOG_LEVEL"));
        String name = own.isEmpty() ? text(environment.get("AWS_LAMBDA_LOG_LEVEL")) : own;
        return switch (name) {
            case "" -> otherwise;
            case "trace", "debug" -> LogLevel.DEBUG;
            case "warn" -> LogLevel.WARN;
            case "error", "fatal" -> LogLevel.ERROR;
            case "off" -> null;
            default -> LogLevel.INFO;
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }
}
