package io.github.vaultlambda.extension.settings;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.time.Duration;

/**
 * How the extension lives in its environment. Immutable and thread-safe.
 *
 * @param kind how Lambda runs the environment
 * @param lazy whether the environment starts although Vault could not be asked; then it is asked at the first use
 * @param initTimeout the longest time for everything before the registration
 * @param refreshInterval how often files and token are looked after where no invocation is heard of
 */
public record LifeSettings(EnvironmentKind kind, boolean lazy, Duration initTimeout, Duration refreshInterval) {
    /** Lambda ends the init phase after ten seconds: one is left to say what went wrong. */
    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(9);
    /** Who can do without Vault does not wait long for it. */
    private static final Duration LAZY_INIT_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(10);

    /** Reads the variables; what is wrong with them becomes a fault of the settings. */
    public static LifeSettings read(EnvironmentSettings settings) {
        boolean lazy = settings.flag("VAULT_EXTENSION_LAZY", false);
        return new LifeSettings(
                EnvironmentKind.of(settings),
                lazy,
                settings.timeout("VAULT_EXTENSION_INIT_TIMEOUT", lazy ? LAZY_INIT_TIMEOUT : INIT_TIMEOUT),
                settings.timeout("VAULT_EXTENSION_REFRESH_INTERVAL", REFRESH_INTERVAL));
    }
}
