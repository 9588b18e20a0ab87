package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a role is assumed. Immutable and thread-safe; each {@code with…} method gives a changed copy.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AWS STS: AssumeRole</a>
 */
public final class AssumeRoleOptions {
    private static final int MAX_SESSION_NAME = 64;
    private static final int MAX_EXTERNAL_ID = 1224;
    private static final Duration MIN_DURATION = Duration.ofMinutes(15);
    private static final Duration MAX_DURATION = Duration.ofHours(12);
    private static final AssumeRoleOptions DEFAULTS = new AssumeRoleOptions("vault_auth", null, null);

    private final String sessionName;
    private final @Nullable String externalId;
    private final @Nullable Duration duration;

    private AssumeRoleOptions(String sessionName, @Nullable String externalId, @Nullable Duration duration) {
        this.sessionName = sessionName;
        this.externalId = externalId;
        this.duration = duration;
    }

    /** Session name {@code vault_auth}, no external id, AWS's own duration of one hour. */
    public static AssumeRoleOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Reads {@code VAULT_ASSUMED_ROLE_SESSION_NAME}, {@code VAULT_ASSUMED_ROLE_EXTERNAL_ID} and {@code
     * VAULT_ASSUMED_ROLE_DURATION}; what AWS would refuse becomes a fault of the settings.
     */
    public static AssumeRoleOptions read(EnvironmentSettings settings) {
        AssumeRoleOptions options = DEFAULTS;
        String variable = "VAULT_ASSUMED_ROLE_SESSION_NAME";
        String name = settings.text(variable);
        try {
            if (name != null) {
                options = options.withSessionName(name);
            }
        } catch (IllegalArgumentException e) {
            settings.fault(variable + ": " + e.getMessage());
        }
        variable = "VAULT_ASSUMED_ROLE_EXTERNAL_ID";
        String id = settings.text(variable);
        try {
            if (id != null) {
                options = options.withExternalId(id);
            }
        } catch (IllegalArgumentException e) {
            settings.fault(variable + ": " + e.getMessage());
        }
        variable = "VAULT_ASSUMED_ROLE_DURATION";
        try {
            if (settings.text(variable) != null) {
                options = options.withDuration(settings.timeout(variable, Duration.ofHours(1)));
            }
        } catch (IllegalArgumentException e) {
            settings.fault(variable + ": " + e.getMessage());
        }
        return options;
    }

    /**
     * This with another session name, which CloudTrail and Vault's audit show.
     *
     * @throws IllegalArgumentException when AWS would refuse it
     */
    public AssumeRoleOptions withSessionName(String name) {
        if (!consistsOf(name, "_+=,.@-", MAX_SESSION_NAME)) {
            throw new IllegalArgumentException(
                    "session name \"" + name + "\": 2 to 64 letters, digits or any of _+=,.@-");
        }
        return new AssumeRoleOptions(name, externalId, duration);
    }

    /**
     * This with the external id that the role's trust policy asks for.
     *
     * @throws IllegalArgumentException when AWS would refuse it; the message does not quote it
     */
    public AssumeRoleOptions withExternalId(String id) {
        if (!consistsOf(id, "_+=,.@:/-", MAX_EXTERNAL_ID)) {
            throw new IllegalArgumentException("external id: 2 to 1224 letters, digits or any of _+=,.@:/-");
        }
        return new AssumeRoleOptions(sessionName, id, duration);
    }

    /**
     * This with another duration of the role's session. More than one hour needs a role that allows it, and is refused for a
     * role that was itself assumed, as a Lambda function's is.
     *
     * @throws IllegalArgumentException when it is below 15 minutes or above 12 hours
     */
    public AssumeRoleOptions withDuration(Duration time) {
        if (time.compareTo(MIN_DURATION) < 0 || time.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("duration of " + time.toSeconds() + " s: from 15 minutes to 12 hours");
        }
        return new AssumeRoleOptions(sessionName, externalId, time);
    }

    /** The name of the role's session. */
    public String sessionName() {
        return sessionName;
    }

    /** The external id, or null for none. */
    public @Nullable String externalId() {
        return externalId;
    }

    /** How long the role's session lasts, or null for AWS's default of one hour. */
    public @Nullable Duration duration() {
        return duration;
    }

    /** ASCII letters, digits and these others, two or more of them. */
    private static boolean consistsOf(String text, String others, int maxLength) {
        if (text.length() < 2 || text.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || others.indexOf(c) >= 0;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Without the external id, which is no business of a log. */
    @Override
    public String toString() {
        return "AssumeRoleOptions[sessionName=" + sessionName + ", externalId=" + (externalId == null ? "none" : "***")
                + ", duration=" + (duration == null ? "default" : duration) + "]";
    }
}
