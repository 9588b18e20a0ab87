package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Credentials in the JSON that the container's endpoint and EC2's instance metadata answer with. */
final class HostAnswer {
    private HostAnswer() {}

    /**
     * Reads them.
     *
     * @param source who answered, for messages
     */
    static AwsCredentials credentials(String source, HttpTransport.Reply reply) {
        SecretValue json;
        try {
            json = SecretValue.parse(reply.body());
        } catch (IOException e) {
            throw unintelligible(source, reply, String.valueOf(e.getMessage()));
        }
        String id = text(json, "AccessKeyId");
        String secret = text(json, "SecretAccessKey");
        String token = text(json, "Token");
        if (id == null || secret == null) {
            throw unintelligible(source, reply, "no AccessKeyId and SecretAccessKey in it");
        }
        String expiration = text(json, "Expiration");
        Instant end = expiration == null ? null : AwsTime.parse(expiration);
        if (expiration != null && end == null) {
            throw unintelligible(source, reply, "Expiration is no time");
        }
        return new AwsCredentials(id, SecretValue.of(secret), token == null ? null : SecretValue.of(token), end);
    }

    private static @Nullable String text(SecretValue json, String name) {
        SecretValue value = json.kind() == SecretValue.Kind.OBJECT ? json.field(name) : null;
        return value == null
                        || value.kind() != SecretValue.Kind.STRING
                        || value.reveal().isEmpty()
                ? null
                : value.reveal();
    }

    /**
     * The exception for an answer that is no success; its body is not quoted.
     *
     * @param purpose the start of the message
     * @param source who answered
     */
    static RuntimeException refused(String purpose, String source, HttpTransport.Reply reply, @Nullable String hint) {
        VaultFailure failure = VaultFailure.of(purpose + ": " + source + " answered " + reply.status())
                .withStatus(reply.status());
        return AwsExchange.isWorthRetrying(reply)
                ? new AwsUnavailableException(failure)
                : new VaultLoginException(failure.withHint(hint));
    }

    private static VaultLoginException unintelligible(String source, HttpTransport.Reply reply, String why) {
        return new VaultLoginException(VaultFailure.of("The answer of " + source + " holds no AWS credentials: " + why)
                .withStatus(reply.status()));
    }
}
