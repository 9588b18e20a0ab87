package io.github.vaultlambda.auth.awssdk;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * The credentials of any provider of the AWS SDK for Java 2.x, for functions that have one already.
 *
 * <pre>{@code
 * var credentials = SdkCredentials.of(DefaultCredentialsProvider.builder().build());
 * var platform = Platform.system();
 * var login = new AwsIamLogin(AwsIamOptions.of("my-role"), credentials, platform.clock());
 * var session = VaultSession.of(config, login, platform);
 * }</pre>
 *
 * <p>The provider is asked before each login and keeps what it wants to keep; it stays the caller's to close. The SDK knows no
 * deadline here: a provider that asks a slow host takes its own time-outs. Thread-safe when the provider is.
 */
public final class SdkCredentials implements AwsCredentialsSource {
    private final AwsCredentialsProvider provider;

    private SdkCredentials(AwsCredentialsProvider provider) {
        this.provider = Objects.requireNonNull(provider, "provider");
    }

    /** The credentials that this provider resolves. */
    public static SdkCredentials of(AwsCredentialsProvider provider) {
        return new SdkCredentials(provider);
    }

    /**
     * What the provider resolves now, with its session token and its end where it names them.
     *
     * @throws VaultLoginException when the provider has none, or the deadline is over
     */
    @Override
    public AwsCredentials credentials(Deadline deadline) {
        return resolved(
                this,
                provider,
                deadline,
                "check what the provider needs: variables, a profile, or the address of the container");
    }

    /** What a provider resolves, or the failure in the name of the source, with this hint. */
    static AwsCredentials resolved(
            AwsCredentialsSource source, AwsCredentialsProvider provider, Deadline deadline, String hint) {
        if (deadline.isOver()) {
            throw SdkFailure.outOfTime(source, null);
        }
        AwsCredentialsIdentity resolved;
        try {
            resolved = provider.resolveCredentials();
        } catch (RuntimeException failure) {
            throw SdkFailure.of(source, failure, hint);
        }
        return converted(source, resolved);
    }

    private static AwsCredentials converted(AwsCredentialsSource source, @Nullable AwsCredentialsIdentity credentials) {
        String id = credentials == null ? null : credentials.accessKeyId();
        String secret = credentials == null ? null : credentials.secretAccessKey();
        if (credentials == null || id == null || secret == null) {
            throw SdkFailure.anonymous(source);
        }
        return new AwsCredentials(
                id,
                SecretValue.of(secret),
                credentials instanceof AwsSessionCredentialsIdentity session
                        ? SecretValue.of(session.sessionToken())
                        : null,
                credentials.expirationTime().orElse(null));
    }

    /** For the log: the provider's class, no credentials. */
    @Override
    public String toString() {
        return "SdkCredentials[" + provider.getClass().getName() + "]";
    }
}
