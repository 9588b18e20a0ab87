package io.github.vaultlambda.handler;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a handler gets its secrets. Immutable and thread-safe.
 *
 * <pre>{@code
 * HandlerOptions.defaults().withOnFailure(FailurePolicy.CONTINUE)
 * }</pre>
 */
public final class HandlerOptions {
    private static final String ON_FAILURE = "VAULT_HANDLER_ON_FAILURE";
    private static final String RESTORE = "VAULT_HANDLER_RESTORE";
    private static final String PREFETCH = "VAULT_HANDLER_PREFETCH";
    private static final String RESERVE = "VAULT_HANDLER_RESERVE";

    private static final HandlerOptions DEFAULTS =
            new HandlerOptions(FailurePolicy.FAIL, RestorePolicy.LAZY, true, Duration.ofMillis(100));

    private final FailurePolicy onFailure;
    private final RestorePolicy restore;
    private final boolean prefetch;
    private final Duration reserve;

    private HandlerOptions(FailurePolicy onFailure, RestorePolicy restore, boolean prefetch, Duration reserve) {
        this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        this.restore = Objects.requireNonNull(restore, "restore");
        this.prefetch = prefetch;
        this.reserve = Objects.requireNonNull(reserve, "reserve");
        if (reserve.isNegative()) {
            throw new IllegalArgumentException("reserve is negative");
        }
    }

    /** An invocation fails without its secrets; they are read during init, after a restore when used; 100 ms are kept back. */
    public static HandlerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The options that {@code VAULT_HANDLER_ON_FAILURE}, {@code VAULT_HANDLER_RESTORE}, {@code VAULT_HANDLER_PREFETCH} and {@code
     * VAULT_HANDLER_RESERVE} name; what is wrong becomes a fault of the settings.
     */
    public static HandlerOptions read(EnvironmentSettings settings) {
        HandlerOptions defaults = DEFAULTS;
        Duration reserve = settings.duration(RESERVE, defaults.reserve);
        return new HandlerOptions(
                choice(settings, ON_FAILURE, FailurePolicy.values(), defaults.onFailure),
                choice(settings, RESTORE, RestorePolicy.values(), defaults.restore),
                settings.flag(PREFETCH, defaults.prefetch),
                reserve);
    }

    private static <E extends Enum<E>> E choice(EnvironmentSettings settings, String name, E[] choices, E otherwise) {
        @Nullable String value = settings.text(name);
        if (value == null) {
            return otherwise;
        }
        StringBuilder names = new StringBuilder();
        for (E choice : choices) {
            if (choice.name().equalsIgnoreCase(value)) {
                return choice;
            }
            names.append(names.isEmpty() ? "" : " or ").append(choice.name().toLowerCase(Locale.ROOT));
        }
        settings.fault(name + " is \"" + value + "\": write " + names);
        return otherwise;
    }

    /** What becomes of an invocation when a secret cannot be had; default {@link FailurePolicy#FAIL}. */
    public FailurePolicy onFailure() {
        return onFailure;
    }

    /** This with another {@link #onFailure()}. */
    public HandlerOptions withOnFailure(FailurePolicy value) {
        return new HandlerOptions(value, restore, prefetch, reserve);
    }

    /** When a function with SnapStart logs in; default {@link RestorePolicy#LAZY}. */
    public RestorePolicy restore() {
        return restore;
    }

    /** This with another {@link #restore()}. */
    public HandlerOptions withRestore(RestorePolicy value) {
        return new HandlerOptions(onFailure, value, prefetch, reserve);
    }

    /**
     * Whether the handler's secrets are read, side by side, when the handler is made, so that the first invocation finds them;
     * default true. With SnapStart nothing is read before the snapshot, whatever this says.
     */
    public boolean prefetch() {
        return prefetch;
    }

    /** This with another {@link #prefetch()}. */
    public HandlerOptions withPrefetch(boolean value) {
        return new HandlerOptions(onFailure, restore, value, reserve);
    }

    /**
     * How much of an invocation's time is kept back, so that a failure can still be answered; default 100 ms. Vault is waited for
     * until so long before the invocation's end, and never longer than the client's time-out.
     */
    public Duration reserve() {
        return reserve;
    }

    /** This with another {@link #reserve()}. */
    public HandlerOptions withReserve(Duration value) {
        return new HandlerOptions(onFailure, restore, prefetch, value);
    }
}
