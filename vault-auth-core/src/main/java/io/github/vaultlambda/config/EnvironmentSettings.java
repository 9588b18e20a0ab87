package io.github.vaultlambda.config;

import io.github.vaultlambda.http.ProxyOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables as settings: every value is trimmed, a blank one counts as unset, and what is wrong with any of them
 * is gathered until {@link #rejectFaults()} throws it all in one message. Each room reads its own variables from the same
 * object, so that a user sees the faults of all rooms at once.
 *
 * <p>Not thread-safe: made, read and dropped by one thread at start-up.
 */
public final class EnvironmentSettings {
    /** As Go's durations: 292 years. */
    private static final Duration MAX_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

    private final Map<String, String> environment;
    private final List<String> faults = new ArrayList<>();

    private EnvironmentSettings(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Settings over these variables, for example {@link System#getenv()}. */
    public static EnvironmentSettings of(Map<String, String> environment) {
        return new EnvironmentSettings(environment);
    }

    /** What {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} say; a variable that names no proxy is a fault. */
    public ProxyOptions standardProxies() {
        try {
            return ProxyOptions.fromVariables(environment);
        } catch (IllegalArgumentException e) {
            fault(String.valueOf(e.getMessage()));
            return ProxyOptions.none();
        }
    }

    /** The trimmed value, or null when the variable is unset or blank. */
    public @Nullable String text(String name) {
        String value = environment.get(name);
        if (value == null) {
            return null;
        }
        value = value.strip();
        return value.isEmpty() ? null : value;
    }

    /** Whether the variable is there, even when its value is blank. */
    public boolean isSet(String name) {
        return environment.containsKey(name);
    }

    /** The names of all variables that begin with the prefix, in alphabetical order. */
    public Set<String> namesStartingWith(String prefix) {
        Set<String> names = new TreeSet<>();
        for (String name : environment.keySet()) {
            if (name.startsWith(prefix)) {
                names.add(name);
            }
        }
        return names;
    }

    /** The trimmed value; when it is missing that is a fault, whose text ends with {@code fix}, and the answer is empty. */
    public String requiredText(String name, String fix) {
        String value = text(name);
        if (value == null) {
            fault(name + " is missing: " + fix);
            return "";
        }
        return value;
    }

    /** A duration in Go's notation such as {@code 10s}; {@code otherwise} when unset. A negative one counts as zero. */
    public Duration duration(String name, Duration otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        Duration duration = GoDuration.parse(value);
        if (duration == null) {
            fault(name + " is \"" + value
                    + "\", which is no duration: write a number with a unit, such as 10s or 1m30s");
            return otherwise;
        }
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** A duration in Go's notation, or null when it is unset or is none; a negative one is none. Never a fault. */
    public @Nullable Duration lenientDuration(String name) {
        String value = text(name);
        Duration duration = value == null ? null : GoDuration.parse(value);
        return duration == null || duration.isNegative() ? null : duration;
    }

    /** A time-out as Vault's clients write it: whole seconds, a Go duration or days ({@code 2d}); above zero. */
    public Duration timeout(String name, Duration otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        Duration duration = null;
        try {
            if (value.matches("[0-9]+")) {
                duration = Duration.ofSeconds(Long.parseLong(value));
            } else if (value.endsWith("d")) {
                duration = Duration.ofDays(Long.parseLong(value.substring(0, value.length() - 1)));
            } else {
                duration = GoDuration.parse(value);
            }
        } catch (NumberFormatException | ArithmeticException e) {
            duration = null;
        }
        if (duration == null || duration.isNegative() || duration.isZero() || duration.compareTo(MAX_TIMEOUT) > 0) {
            fault(name + " is \"" + value
                    + "\", which is no time-out: write seconds such as 60, or a duration such as 1m30s");
            return otherwise;
        }
        return duration;
    }

    /** True or false as Go writes it ({@code true}, {@code T}, {@code 1}, {@code false} …); {@code otherwise} when unset. */
    public boolean flag(String name, boolean otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> {
                return true;
            }
            case "0", "f", "F", "false", "FALSE", "False" -> {
                return false;
            }
            default -> {
                fault(name + " is \"" + value + "\": write true or false");
                return otherwise;
            }
        }
    }

    /** A whole number in these bounds; {@code otherwise} when unset. */
    public int count(String name, int otherwise, int min, int max) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int count = Integer.parseInt(value);
            if (count >= min && count <= max) {
                return count;
            }
        } catch (NumberFormatException e) {
            // reported below, as is a number out of range
        }
        fault(name + " is \"" + value + "\": write a whole number from " + min + " to " + max);
        return otherwise;
    }

    /** An http or https address without user, query or fragment; a placeholder when missing or wrong, which is a fault. */
    public URI requiredAddress(String name, String fix) {
        String value = text(name);
        if (value == null) {
            fault(name + " is missing: " + fix);
            return URI.create("http://missing.invalid");
        }
        return address(name, value);
    }

    /** As {@link #requiredAddress}, but null when unset. */
    public @Nullable URI address(String name) {
        String value = text(name);
        return value == null ? null : address(name, value);
    }

    private URI address(String name, String value) {
        try {
            URI uri = new URI(value);
            if (uri.getRawUserInfo() != null) {
                fault(name + " contains a user name or password (value not shown): leave that part out");
                return URI.create("http://faulty.invalid");
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getPort() <= 65535
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // reported below, as is a URI of another kind
        }
        if (value.indexOf('@') >= 0 || value.indexOf('?') >= 0) {
            fault(name + " is no http or https address (value not shown, it may hold a secret)");
        } else {
            fault(name + " is \"" + value + "\", which is no http or https address: write one such as"
                    + (name.startsWith("V") && name.endsWith("_ADDR")
                            ? " https://vault.example.com:8200"
                            : " https://host.example.com"));
        }
        return URI.create("http://faulty.invalid");
    }

    /** Adds a fault in the user's words; it must not contain a secret. Said twice it counts once. */
    public void fault(String sentence) {
        if (!faults.contains(sentence)) {
            faults.add(sentence);
        }
    }

    /**
     * Ends the reading.
     *
     * @throws VaultConfigException when anything was wrong, with all of it
     */
    public void rejectFaults() {
        if (!faults.isEmpty()) {
            throw new VaultConfigException(faults);
        }
    }
}
