package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The credentials of another source, kept until five minutes before their end. Thread-safe. */
final class KeptCredentials extends Kept<AwsCredentials> implements AwsCredentialsSource {
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final AwsCredentialsSource origin;

    KeptCredentials(String operation, AwsCredentialsSource origin, InstantSource clock) {
        super(operation, MARGIN, clock);
        this.origin = origin;
    }

    @Override
    public AwsCredentials credentials(Deadline deadline) {
        return get(deadline);
    }

    @Override
    public void forget() {
        drop();
        origin.forget();
    }

    @Override
    AwsCredentials fetch(Deadline deadline) {
        return origin.credentials(deadline);
    }

    @Override
    @Nullable
    Instant endOf(AwsCredentials credentials) {
        return credentials.expiresAt();
    }

    /** For the log: where they come from. */
    @Override
    public String toString() {
        return origin.toString();
    }
}
