package io.github.vaultlambda.auth.awssdk;

import io.github.vaultlambda.auth.aws.AssumeRoleOptions;
import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * The credentials of another role, assumed through the AWS SDK's STS client. Assumed when they are first asked for, kept, and
 * replaced some minutes before their end, always in the thread that asks: no background thread runs, so a frozen function
 * misses nothing. The call to STS with its retries ends at the caller's deadline. Thread-safe.
 *
 * <p>For this alone no SDK is needed: {@code VAULT_ASSUMED_ROLE_ARN} does it with what the core has. This class is for an {@link
 * StsClient} that is there already, or to share the role's session with the SDK's own clients. Leave {@code
 * VAULT_ASSUMED_ROLE_ARN} empty then, or the roles are chained.
 */
public final class SdkAssumedRole implements AwsCredentialsSource, AutoCloseable {
    /** The SDK builds each request in the thread that resolves: this is how that thread's deadline reaches the request. */
    private static final ThreadLocal<Deadline> DEADLINE = new ThreadLocal<>();

    private final String roleArn;
    private final StsAssumeRoleCredentialsProvider provider;

    private SdkAssumedRole(StsClient sts, String roleArn, AssumeRoleOptions options) {
        this.roleArn = roleArn;
        this.provider = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .asyncCredentialUpdateEnabled(false)
                .refreshRequest(() -> request(roleArn, options, DEADLINE.get()))
                .build();
    }

    /** The role with {@linkplain AssumeRoleOptions#defaults() default options}. */
    public static SdkAssumedRole of(StsClient sts, String roleArn) {
        return of(sts, roleArn, AssumeRoleOptions.defaults());
    }

    /**
     * The role, assumed with this client. Does not touch the network.
     *
     * @param sts the client, whose credentials may assume the role; it stays the caller's to close
     * @param roleArn the role to assume
     */
    public static SdkAssumedRole of(StsClient sts, String roleArn, AssumeRoleOptions options) {
        return new SdkAssumedRole(
                Objects.requireNonNull(sts, "sts"),
                Objects.requireNonNull(roleArn, "roleArn"),
                Objects.requireNonNull(options, "options"));
    }

    private static AssumeRoleRequest request(String roleArn, AssumeRoleOptions options, @Nullable Deadline deadline) {
        AssumeRoleRequest.Builder request = AssumeRoleRequest.builder()
                .roleArn(roleArn)
                .roleSessionName(options.sessionName())
                .externalId(options.externalId());
        Duration duration = options.duration();
        if (duration != null) {
            request.durationSeconds(Math.toIntExact(duration.toSeconds()));
        }
        if (deadline != null) {
            Duration left = deadline.remaining();
            // Zero would mean "no limit" to the SDK.
            request.overrideConfiguration(
                    call -> call.apiCallTimeout(left.toMillis() < 1 ? Duration.ofMillis(1) : left));
        }
        return request.build();
    }

    /**
     * The role's credentials, with time left before their end.
     *
     * @throws VaultLoginException when STS refuses, or does not answer before the deadline
     */
    @Override
    public AwsCredentials credentials(Deadline deadline) {
        DEADLINE.set(deadline);
        try {
            return SdkCredentials.resolved(
                    this,
                    provider,
                    deadline,
                    "the role must trust the function's role, with the external id if it asks for one, and that one needs"
                            + " sts:AssumeRole");
        } finally {
            DEADLINE.remove();
        }
    }

    /** The same for the AWS SDK's own clients, so that they share the role's session; closed with this object. */
    public AwsCredentialsProvider provider() {
        return provider;
    }

    /** Closes the SDK's provider. The STS client stays open. */
    @Override
    public void close() {
        provider.close();
    }

    /** For the log: the role, no credentials. */
    @Override
    public String toString() {
        return "SdkAssumedRole[" + roleArn + "]";
    }
}
