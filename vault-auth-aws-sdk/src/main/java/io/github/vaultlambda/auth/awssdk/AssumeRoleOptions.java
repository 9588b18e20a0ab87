package io.github.vaultlambda.auth.awssdk;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a role is assumed. Immutable and thread-safe; each method gives a changed copy.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AWS STS: AssumeRole</a>
 */
public final class AssumeRoleOptions {
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");
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
     * This with another session name, which CloudTrail and Vault's audit show.
     *
     * @throws IllegalArgumentException when AWS would refuse it
     */
    public AssumeRoleOptions withSessionName(String name) {
        if (!SESSION_NAME.matcher(name).matches()) {
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
        if (!EXTERNAL_ID.matcher(id).matches()) {
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
            throw new IllegalArgumentException("duration " + time + ": from 15 minutes to 12 hours");
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

    /** Without the external id, which is no business of a log. */
    @Override
    public String toString() {
        return "AssumeRoleOptions[sessionName=" + sessionName + ", externalId=" + (externalId == null ? "none" : "***")
                + ", duration=" + (duration == null ? "default" : duration) + "]";
    }
}
