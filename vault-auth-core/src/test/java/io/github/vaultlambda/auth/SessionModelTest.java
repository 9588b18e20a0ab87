package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.CountingVault;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Long random lives of a session against what little a model of it needs: which token it must hold, and until when by the
 * function's clock. Vault keeps a time of its own, so that a clock that was set back deceives the session alone.
 */
class SessionModelTest {
    private static final int HISTORIES = 5_000;
    private static final int STEPS = 40;
    private static final long TTL = 1_000_000;
    private static final long GRACE = 10_000;

    @Test
    void eachTokenIsAliveAndNoLoginIsNeedless() {
        int[] seen = new int[6];
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(seed);
            try {
                history.live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("history " + seed + ": " + history.said, e);
            }
            history.addTo(seen);
        }
        assertThat(seen)
                .as("served, logins, renewals, outages, old tokens in outages, closed")
                .doesNotContain(0);
    }

    private static final class History {
        final StringBuilder said = new StringBuilder();
        private final Random random;
        private final FakeClock clock = new FakeClock();
        private final CountingVault vault = new CountingVault(1000, 3000, 0);
        private final VaultSession session = VaultSession.builder(
                        VaultConfig.builder()
                                .address(URI.create("https://vault.example.com"))
                                .maxRetries(0)
                                .tokenGrace(Duration.ofMillis(GRACE))
                                .revokeOnClose(true)
                                .build(),
                        vault)
                .platform(new ScriptedTransport().otherwise(vault).platform(clock))
                .listener(vault)
                .build();
        /** What the session holds, as it was last handed out. */
        private @Nullable VaultToken held;

        private boolean down;
        private boolean setBack;
        private long failedAt;
        private int logins;
        private int served;
        private int outages;
        private int oldOnes;
        private int closed;

        History(int seed) {
            random = new Random(seed);
        }

        void addTo(int[] seen) {
            int[] mine = {served, logins, vault.renewals(), outages, oldOnes, closed};
            for (int i = 0; i < seen.length; i++) {
                seen[i] += mine[i];
            }
        }

        void live() {
            for (int i = 0; i < STEPS; i++) {
                int dice = random.nextInt(100);
                if (dice < 55) {
                    ask();
                } else if (dice < 75) {
                    pass(1 + random.nextInt(400));
                } else if (dice < 82) {
                    down = !down;
                    vault.down(down);
                    said.append(down ? "down " : "up ");
                } else if (dice < 87 && held != null) {
                    said.append("revoke ");
                    vault.revoke(held);
                } else if (dice < 91 && held != null) {
                    said.append("reject ");
                    session.reject(held);
                    held = null;
                } else if (dice < 94) {
                    pass(3600);
                } else if (dice < 97) {
                    int seconds = random.nextBoolean() ? 2 : 7200;
                    said.append("back ").append(seconds).append(' ');
                    clock.advance(Duration.ofSeconds(-seconds));
                    setBack = true;
                } else if (dice < 98) {
                    close();
                    return;
                }
            }
        }

        private void pass(int seconds) {
            said.append(seconds).append("s ");
            clock.advance(Duration.ofSeconds(seconds));
            vault.pass(Duration.ofSeconds(seconds));
        }

        private long left(VaultToken token) {
            long age = clock.millis() - token.issuedAt().toEpochMilli();
            return age < -60_000 ? 0 : token.ttl().toMillis() - age;
        }

        /** Whether a login failed so short a time ago that the token in hand, which lives, serves without another. */
        private boolean triedLately() {
            return clock.millis() >= failedAt && clock.millis() - failedAt < 5_000;
        }

        private void ask() {
            said.append("ask ");
            VaultToken before = held;
            long left = before == null ? 0 : left(before);
            boolean needsLogin =
                    before == null || left <= Math.min(GRACE, before.ttl().toMillis() / 2);
            Deadline deadline = Deadline.after(clock, Duration.ofSeconds(9));
            boolean spared = needsLogin && left > 0 && triedLately();
            if (needsLogin && down) {
                outages++;
                if (left <= 0) {
                    assertThatThrownBy(() -> session.token(deadline)).isInstanceOf(VaultUnavailableException.class);
                    return;
                }
                oldOnes++;
                failedAt = spared ? failedAt : clock.millis();
            } else if (needsLogin && !spared) {
                logins++;
                setBack = false;
            }
            int renewals = vault.renewals();

            VaultToken token = session.token(deadline);

            served++;
            assertThat(vault.logins()).as("logins").isEqualTo(logins);
            if (!needsLogin || down || spared) {
                assertThat(before != null && token.isSameAs(before))
                        .as("the token in hand")
                        .isTrue();
            }
            if (vault.renewals() > renewals) {
                assertThat(left * 5).as("renewed too early").isLessThan(TTL);
                setBack = false;
            }
            assertThat(vault.isAlive(token) || vault.isRevoked(token) || setBack)
                    .as("alive, or dead unnoticed")
                    .isTrue();
            held = token;
        }

        private void close() {
            said.append("close ");
            closed++;
            session.close();
            assertThatThrownBy(() -> session.token(Deadline.after(clock, Duration.ofSeconds(9))))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(held == null || down || !vault.isAlive(held))
                    .as("revoked")
                    .isTrue();
            assertThat(vault.told()).doesNotHaveDuplicates();
            assertThat(vault.logins()).isEqualTo(logins);
        }
    }
}
