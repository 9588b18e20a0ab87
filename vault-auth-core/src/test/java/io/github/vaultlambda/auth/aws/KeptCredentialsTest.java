package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.fakes.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptCredentialsTest {
    private static final Instant ONE = FakeClock.START.plus(Duration.ofHours(1));

    private final FakeClock clock = new FakeClock();
    private final Origin origin = new Origin();
    private final KeptCredentials kept = new KeptCredentials("test", origin, clock);

    private static final class Origin implements AwsCredentialsSource {
        private final List<Duration> asked = new ArrayList<>();
        private @Nullable Instant end = ONE;
        private @Nullable RuntimeException failure;
        private Runnable meanwhile = () -> {};
        private int forgotten;

        @Override
        public AwsCredentials credentials(Deadline deadline) {
            asked.add(deadline.remaining());
            meanwhile.run();
            if (failure != null) {
                throw failure;
            }
            return new AwsCredentials("ASIA" + asked.size(), SecretValue.of("n0tf0rl0gs"), null, end);
        }

        @Override
        public void forget() {
            forgotten++;
        }
    }

    private String id() {
        return kept.credentials(Deadline.after(clock, Duration.ofSeconds(9))).accessKeyId();
    }

    private static VaultLoginException failure() {
        return VaultLoginException.withoutCredentials("none", null, null);
    }

    @Test
    void servesUntilFiveMinutesBeforeTheEnd() {
        assertThat(id()).isEqualTo("ASIA1");
        clock.advance(Duration.ofMinutes(55).minusMillis(1));
        assertThat(id()).isEqualTo("ASIA1");

        clock.advance(Duration.ofMillis(1));
        origin.end = ONE.plusSeconds(3600);
        assertThat(id()).isEqualTo("ASIA2");
        assertThat(id()).isEqualTo("ASIA2");
    }

    @Test
    void withoutAKnownEndNothingIsKept() {
        origin.end = null;

        assertThat(id()).isEqualTo("ASIA1");
        assertThat(id()).isEqualTo("ASIA2");
    }

    @Test
    void thoseInHandServeWhileNewOnesCannotBeHad() {
        id();
        clock.advance(Duration.ofMinutes(56));
        origin.failure = failure();

        assertThat(id()).isEqualTo("ASIA1");
        assertThat(id()).isEqualTo("ASIA1");
        assertThat(origin.asked).as("not asked again at once").hasSize(2);

        clock.advance(Duration.ofSeconds(5));
        assertThat(id()).isEqualTo("ASIA1");
        assertThat(origin.asked).hasSize(3);

        clock.advance(Duration.ofMinutes(4));
        assertThatThrownBy(this::id).isSameAs(origin.failure);
    }

    @Test
    void nobodyWaitsLongWhileThoseInHandAreGood() {
        id();
        clock.advance(Duration.ofMinutes(56));
        id();
        clock.advance(Duration.ofHours(1));
        id();

        assertThat(origin.asked).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(3), Duration.ofSeconds(9));
    }

    @Test
    void aClockThatWasSetBackDoesNotStopTheNextTry() {
        id();
        clock.advance(Duration.ofMinutes(58));
        origin.failure = failure();
        id();
        clock.advance(Duration.ofSeconds(-10));
        origin.failure = null;

        assertThat(id()).isEqualTo("ASIA3");
    }

    @Test
    void forgetsThemAndThoseOfTheOrigin() {
        id();
        kept.forget();

        assertThat(origin.forgotten).isEqualTo(1);
        assertThat(id()).isEqualTo("ASIA2");
    }

    @Test
    void whatIsFetchedWhileItIsForgottenIsNotKept() {
        origin.meanwhile = kept::forget;
        assertThat(id()).isEqualTo("ASIA1");

        origin.meanwhile = () -> {};
        assertThat(id()).isEqualTo("ASIA2");
        assertThat(id()).isEqualTo("ASIA2");
    }
}
