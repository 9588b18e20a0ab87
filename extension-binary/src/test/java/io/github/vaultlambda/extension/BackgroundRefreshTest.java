package io.github.vaultlambda.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rounds of the background, without a thread and without waiting. */
class BackgroundRefreshTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final List<Duration> waits = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private int logins;
    private boolean down;

    /** The time passes with each wait; after so many, whoever waits is told to end. */
    private VaultSession session(int rounds) {
        Platform platform = Platform.system().withClock(() -> now).withSleeper(time -> {
            waits.add(time);
            now = now.plus(time);
            if (waits.size() > rounds) {
                throw new InterruptedException("enough");
            }
        });
        LoginMethod login = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint vault, Deadline deadline) {
                logins++;
                if (down) {
                    throw new VaultUnavailableException(VaultFailure.of("Vault is down"));
                }
                return new VaultToken(SecretValue.of("token"), "accessor", now, Duration.ofSeconds(60), false);
            }

            @Override
            public String describe() {
                return "test";
            }
        };
        return VaultSession.of(
                VaultConfig.builder().address(URI.create("http://127.0.0.1:1")).build(), login, platform);
    }

    private void run(VaultSession session) {
        new BackgroundRefresh(session, null, INTERVAL).run();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void keepsATokenAliveAndLogsInOnlyWhenItsEndIsNear() {
        run(session(13));
        assertThat(waits).hasSize(14).containsOnly(INTERVAL);
        assertThat(logins).as("60 s each, less 10 s of grace, in 130 s").isEqualTo(3);
    }

    @Test
    void goesOnWhereVaultIsDown() {
        down = true;
        run(session(5));
        assertThat(logins).isEqualTo(5);
    }

    @Test
    void endsWithItsSession() {
        VaultSession session = session(100);
        session.close();
        new BackgroundRefresh(session, null, INTERVAL).run();
        assertThat(waits).hasSize(1);
        assertThat(logins).isZero();
    }
}
