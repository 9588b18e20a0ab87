package io.github.vaultlambda.auth.awssdk;

import io.github.vaultlambda.auth.aws.WebIdentityTokenOptions;
import io.github.vaultlambda.auth.login.JwtSource;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetWebIdentityTokenRequest;
import software.amazon.awssdk.services.sts.model.GetWebIdentityTokenResponse;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Tokens that STS signs to say who the function is ({@code sts:GetWebIdentityToken}), for Vault's JWT auth method, asked for
 * through the AWS SDK's STS client. STS is asked at each login, and the call with its retries ends at the caller's deadline.
 * Thread-safe.
 *
 * <p>For this alone no SDK is needed: {@link io.github.vaultlambda.auth.aws.StsWebIdentityToken} does it with what the core has.
 */
public final class SdkWebIdentityToken implements JwtSource {
    private final StsClient sts;
    private final WebIdentityTokenOptions options;

    private SdkWebIdentityToken(StsClient sts, WebIdentityTokenOptions options) {
        this.sts = Objects.requireNonNull(sts, "sts");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Tokens from this client, whose region must not be {@code aws-global}. Does not touch the network.
     *
     * @param sts the client; it stays the caller's to close
     * @param options what is to be in the tokens
     */
    public static SdkWebIdentityToken of(StsClient sts, WebIdentityTokenOptions options) {
        return new SdkWebIdentityToken(sts, options);
    }

    /**
     * A new token.
     *
     * @throws VaultLoginException when STS refuses, or does not answer before the deadline
     */
    @Override
    public SecretValue token(Deadline deadline) {
        if (deadline.isOver()) {
            throw SdkFailure.outOfTime(this, null);
        }
        GetWebIdentityTokenResponse response;
        try {
            response = sts.getWebIdentityToken(request(deadline));
        } catch (RuntimeException failure) {
            throw SdkFailure.of(
                    this,
                    failure,
                    "the function's role needs sts:GetWebIdentityToken, and the account outbound identity federation"
                            + " (iam:EnableOutboundWebIdentityFederation)");
        }
        String token = response.webIdentityToken();
        if (token == null || token.isEmpty()) {
            throw VaultLoginException.withoutCredentials(this + ": the answer of STS holds no token", null, null);
        }
        return SecretValue.of(token);
    }

    private GetWebIdentityTokenRequest request(Deadline deadline) {
        List<Tag> tags = new ArrayList<>();
        for (Map.Entry<String, String> tag : options.tags().entrySet()) {
            tags.add(Tag.builder().key(tag.getKey()).value(tag.getValue()).build());
        }
        Duration left = deadline.remaining();
        GetWebIdentityTokenRequest.Builder request = GetWebIdentityTokenRequest.builder()
                .audience(options.audiences())
                .signingAlgorithm(options.algorithm().name())
                .durationSeconds(Math.toIntExact(options.duration().toSeconds()))
                // Zero would mean "no limit" to the SDK.
                .overrideConfiguration(call -> call.apiCallTimeout(left.toMillis() < 1 ? Duration.ofMillis(1) : left));
        return tags.isEmpty() ? request.build() : request.tags(tags).build();
    }

    /** For the log: whom the tokens are for. */
    @Override
    public String toString() {
        return "SdkWebIdentityToken[" + options.audiences() + "]";
    }
}
