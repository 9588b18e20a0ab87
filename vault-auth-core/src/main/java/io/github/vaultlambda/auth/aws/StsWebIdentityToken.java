package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.JwtSource;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that STS signs to say who the function is ({@code sts:GetWebIdentityToken}), for Vault's JWT auth method: Vault checks
 * them with AWS's public keys and needs no credentials of AWS. The account must have outbound identity federation enabled. A
 * token is kept until a fifth of its life is left. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html">AWS STS:
 *     GetWebIdentityToken</a>
 */
public final class StsWebIdentityToken implements JwtSource {
    private static final String OPERATION = "GetWebIdentityToken";

    private final WebIdentityTokenOptions options;
    private final AwsCredentialsSource credentials;
    private final StsClient sts;
    private final KeptToken kept;

    /**
     * Tokens of STS.
     *
     * @param options what is to be in them
     * @param endpoint the STS host of a region; the global one does not know this operation
     * @param address where the request goes instead of the endpoint's host, or null
     * @param credentials who asks
     * @throws IllegalArgumentException for the global endpoint
     */
    public StsWebIdentityToken(
            WebIdentityTokenOptions options,
            StsEndpoint endpoint,
            @Nullable URI address,
            AwsCredentialsSource credentials,
            Platform platform) {
        if (endpoint.equals(StsEndpoint.global())) {
            throw new IllegalArgumentException("the global STS host gives no such tokens: take that of a region");
        }
        this.options = Objects.requireNonNull(options, "options");
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        this.sts = new StsClient(endpoint, address, platform);
        this.kept = new KeptToken(options.duration().dividedBy(5), platform);
    }

    /** Whether the variables ask for such a token: {@code VAULT_AUTH_JWT_AUDIENCE} is set. */
    public static boolean isConfigured(EnvironmentSettings settings) {
        return settings.text(WebIdentityTokenOptions.AUDIENCE_VARIABLE) != null;
    }

    /**
     * Tokens as the variables of {@link WebIdentityTokenOptions#read} say, from STS in the region {@code
     * VAULT_STS_ENDPOINT_REGION}, {@code AWS_REGION} or {@code AWS_DEFAULT_REGION}, or at {@code AWS_ENDPOINT_URL_STS}; what is wrong
     * becomes a fault of the settings, and the result must not be used then.
     */
    public static StsWebIdentityToken read(
            EnvironmentSettings settings, AwsCredentialsSource credentials, Platform platform) {
        StsEndpoint endpoint = StsEndpoint.readRegional(settings);
        if (endpoint == null || endpoint.equals(StsEndpoint.global())) {
            settings.fault("no AWS region is named: tokens for " + WebIdentityTokenOptions.AUDIENCE_VARIABLE
                    + " come from STS in a region; set AWS_REGION to one such as eu-west-1");
            endpoint = StsEndpoint.regional("us-east-1");
        }
        return new StsWebIdentityToken(
                WebIdentityTokenOptions.read(settings),
                endpoint,
                settings.address("AWS_ENDPOINT_URL_STS"),
                credentials,
                platform);
    }

    /**
     * A token with more than a fifth of its life left, unless STS cannot give a new one.
     *
     * @throws io.github.vaultlambda.auth.login.VaultLoginException when STS refuses
     * @throws AwsUnavailableException when STS cannot be reached
     */
    @Override
    public SecretValue token(Deadline deadline) {
        return kept.get(deadline).value();
    }

    /** Drops the token that is kept, and the credentials. */
    @Override
    public void forget() {
        kept.drop();
        credentials.forget();
    }

    private Token fetch(Deadline deadline) {
        String purpose = "No token of STS";
        StringBuilder parameters = new StringBuilder(256);
        List<String> audiences = options.audiences();
        for (int i = 0; i < audiences.size(); i++) {
            parameters.append(StsClient.parameter("Audience.member." + (i + 1), audiences.get(i)));
        }
        parameters.append("&DurationSeconds=").append(options.duration().toSeconds());
        parameters.append("&SigningAlgorithm=").append(options.algorithm().name());
        int tag = 1;
        for (Map.Entry<String, String> entry : options.tags().entrySet()) {
            parameters
                    .append(StsClient.parameter("Tags.member." + tag + ".Key", entry.getKey()))
                    .append(StsClient.parameter("Tags.member." + tag + ".Value", entry.getValue()));
            tag++;
        }
        String xml = sts.answer(
                OPERATION,
                purpose,
                parameters.toString(),
                credentials.credentials(deadline),
                "the function's role needs sts:GetWebIdentityToken, and the account outbound identity federation"
                        + " (iam:EnableOutboundWebIdentityFederation)",
                deadline);
        String token = StsFault.element(xml, "WebIdentityToken");
        if (token == null || token.isEmpty()) {
            throw sts.unintelligible(OPERATION, purpose, "holds no token");
        }
        return new Token(SecretValue.of(token), sts.expiration(OPERATION, purpose, xml));
    }

    private record Token(SecretValue value, Instant end) {}

    private final class KeptToken extends Kept<Token> {
        KeptToken(Duration margin, Platform platform) {
            super("sts:" + OPERATION, margin, platform.clock());
        }

        @Override
        Token fetch(Deadline deadline) {
            return StsWebIdentityToken.this.fetch(deadline);
        }

        @Override
        Instant endOf(Token token) {
            return token.end();
        }
    }

    /** For the log: whom the tokens are for. */
    @Override
    public String toString() {
        return "StsWebIdentityToken[" + options.audiences() + "]";
    }
}
