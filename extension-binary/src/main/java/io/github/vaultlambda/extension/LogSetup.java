package io.github.vaultlambda.extension;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * Sets how log lines look and which are written: one line per event on standard error, in UTC. Works through the properties of
 * slf4j-simple, which reads them when the first logger is made; so this has to come before.
 */
final class LogSetup {
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error", "off");

    private LogSetup() {}

    /** Applies {@code VAULT_LOG_LEVEL}. */
    static void apply(Map<String, String> environment) {
        // The date format of slf4j-simple takes the process's time zone; Lambda lets users set TZ for their function.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        set("defaultLogLevel", level(environment.get("VAULT_LOG_LEVEL")));
        set("showDateTime", "true");
        set("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
        set("showThreadName", "false");
        set("showShortLogName", "true");
        set("levelInBrackets", "true");
    }

    /** The level of that name in any case; info for every other text, and for null. */
    static String level(@Nullable String name) {
        String level = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        return LEVELS.contains(level) ? level : "info";
    }

    private static void set(String property, String value) {
        System.setProperty("org.slf4j.simpleLogger." + property, value);
    }
}
