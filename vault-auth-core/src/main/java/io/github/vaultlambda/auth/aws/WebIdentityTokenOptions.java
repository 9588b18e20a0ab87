package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What STS is to write into a token of outbound identity federation. Immutable and thread-safe; each {@code with…} method gives
 * a changed copy.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html">AWS STS:
 *     GetWebIdentityToken</a>
 */
public final class WebIdentityTokenOptions {
    /** How the token is signed. */
    public enum Algorithm {
        /** RSA with SHA-256; the default. */
        RS256,
        /** ECDSA on P-384 with SHA-384: a much shorter token. */
        ES384
    }

    static final String AUDIENCE_VARIABLE = "VAULT_AUTH_JWT_AUDIENCE";
    private static final String ALGORITHM_VARIABLE = "VAULT_AUTH_JWT_ALGORITHM";
    private static final String DURATION_VARIABLE = "VAULT_AUTH_JWT_DURATION";
    private static final int MAX_AUDIENCES = 10;
    private static final int MAX_AUDIENCE_CHARS = 1000;
    private static final int MAX_TAGS = 50;
    private static final Duration MIN_DURATION = Duration.ofSeconds(60);
    private static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final Duration DEFAULT_DURATION = Duration.ofMinutes(5);

    private final List<String> audiences;
    private final Algorithm algorithm;
    private final Duration duration;
    private final Map<String, String> tags;

    private WebIdentityTokenOptions(
            List<String> audiences, Algorithm algorithm, Duration duration, Map<String, String> tags) {
        this.audiences = audiences;
        this.algorithm = algorithm;
        this.duration = duration;
        this.tags = tags;
    }

    /**
     * A token for these audiences, signed with RS256, for five minutes, without tags.
     *
     * @param audiences one to ten, each of 1 to 1000 characters; one of them must be in {@code bound_audiences} of the Vault role
     * @throws IllegalArgumentException when AWS would refuse them
     */
    public static WebIdentityTokenOptions of(String... audiences) {
        return of(List.of(audiences));
    }

    private static WebIdentityTokenOptions of(List<String> audiences) {
        if (audiences.isEmpty() || audiences.size() > MAX_AUDIENCES) {
            throw new IllegalArgumentException("a token has 1 to " + MAX_AUDIENCES + " audiences");
        }
        for (String audience : audiences) {
            if (audience.isEmpty() || audience.length() > MAX_AUDIENCE_CHARS) {
                throw new IllegalArgumentException("an audience has 1 to " + MAX_AUDIENCE_CHARS + " characters");
            }
        }
        return new WebIdentityTokenOptions(audiences, Algorithm.RS256, DEFAULT_DURATION, Map.of());
    }

    /**
     * Reads {@code VAULT_AUTH_JWT_AUDIENCE} (required; several with commas between them), {@code VAULT_AUTH_JWT_ALGORITHM} and {@code
     * VAULT_AUTH_JWT_DURATION}; what is wrong becomes a fault of the settings.
     */
    public static WebIdentityTokenOptions read(EnvironmentSettings settings) {
        String text = settings.requiredText(
                AUDIENCE_VARIABLE,
                "set it to an audience in bound_audiences of the role in Vault, such as Vault's address");
        List<String> audiences = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            String audience = text.substring(start, end).strip();
            if (!audience.isEmpty()) {
                audiences.add(audience);
            }
            start = end + 1;
        }
        WebIdentityTokenOptions options = of("missing");
        try {
            if (!text.isEmpty()) {
                options = of(List.copyOf(audiences));
            }
        } catch (IllegalArgumentException e) {
            settings.fault(AUDIENCE_VARIABLE + ": " + e.getMessage());
        }
        String algorithm = settings.text(ALGORITHM_VARIABLE);
        if (algorithm != null) {
            if (algorithm.equalsIgnoreCase("ES384")) {
                options = options.withAlgorithm(Algorithm.ES384);
            } else if (!algorithm.equalsIgnoreCase("RS256")) {
                settings.fault(ALGORITHM_VARIABLE + " is \"" + algorithm + "\": write RS256 or ES384");
            }
        }
        try {
            return options.withDuration(settings.timeout(DURATION_VARIABLE, DEFAULT_DURATION));
        } catch (IllegalArgumentException e) {
            settings.fault(DURATION_VARIABLE + ": " + e.getMessage());
            return options;
        }
    }

    /** This signed with another algorithm; Vault's mount must support it. */
    public WebIdentityTokenOptions withAlgorithm(Algorithm value) {
        return new WebIdentityTokenOptions(audiences, Objects.requireNonNull(value, "algorithm"), duration, tags);
    }

    /**
     * This with another time to live, in whole seconds. A token cannot live longer than the session of the role that asks.
     *
     * @throws IllegalArgumentException when it is below 60 or above 3600 seconds
     */
    public WebIdentityTokenOptions withDuration(Duration time) {
        if (time.compareTo(MIN_DURATION) < 0 || time.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("duration of " + time.toSeconds() + " s: from 60 seconds to 1 hour");
        }
        return new WebIdentityTokenOptions(audiences, algorithm, time, tags);
    }

    /**
     * This with one more tag, which becomes a claim that the Vault role may check.
     *
     * @throws IllegalArgumentException when there are 50 already
     */
    public WebIdentityTokenOptions withTag(String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        if (all.size() > MAX_TAGS) {
            throw new IllegalArgumentException("a token has at most " + MAX_TAGS + " tags");
        }
        return new WebIdentityTokenOptions(audiences, algorithm, duration, java.util.Collections.unmodifiableMap(all));
    }

    /** Whom the token is for. */
    public List<String> audiences() {
        return audiences;
    }

    /** How it is signed. */
    public Algorithm algorithm() {
        return algorithm;
    }

    /** How long it lives. */
    public Duration duration() {
        return duration;
    }

    /** Its tags, in the order in which they were given. */
    public Map<String, String> tags() {
        return tags;
    }

    /** For logs. */
    @Override
    public String toString() {
        return "WebIdentityTokenOptions[audiences=" + audiences + ", algorithm=" + algorithm + ", duration=" + duration
                + ", tags=" + tags.keySet() + "]";
    }
}
