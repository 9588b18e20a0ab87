package io.github.vaultlambda.auth;

import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a session promises, in each of the interleavings that the model checker tries. */
class SessionInterleavingTest {
    private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 100);
    private static final Duration UNTIL_RENEWAL = Duration.ofSeconds(850);
    private static final Duration UNTIL_GRACE = Duration.ofSeconds(995);

    private static void interleave(Runnable scenario) {
        Lincheck.runConcurrentTest(INTERLEAVINGS, scenario);
    }

    @Test
    void askingThreadsShareOneLogin() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            AtomicReference<VaultToken> one = new AtomicReference<>();
            AtomicReference<VaultToken> other = new AtomicReference<>();
            vault.atOnce(() -> one.set(vault.ask()), () -> other.set(vault.ask()), vault::ask);
            vault.check(one.get() == other.get() && vault.logins() == 1, "one login");
        });
    }

    @Test
    void aRejectedTokenIsNotHandedOutAgain() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            vault.atOnce(vault::ask, () -> {
                VaultToken token = vault.ask();
                vault.session().reject(token);
                vault.check(!vault.ask().isSameAs(token), "handed out again");
            });
            vault.check(vault.logins() <= 3, "no needless login");
        });
    }

    @Test
    void norWhenItIsBeingRenewed() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            VaultToken token = vault.ask();
            vault.later(UNTIL_RENEWAL);
            vault.atOnce(vault::ask, () -> {
                vault.session().reject(token);
                vault.check(!vault.ask().isSameAs(token), "handed out again");
            });
            vault.check(vault.logins() == 2 && vault.renewals() <= 1, "one login more");
        });
    }

    @Test
    void norWhenNoNewLoginSucceeds() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            VaultToken token = vault.ask();
            vault.later(UNTIL_GRACE);
            vault.goDown();
            vault.atOnce(() -> askWhileDown(vault), () -> {
                vault.session().reject(token);
                vault.check(askWhileDown(vault) == null, "handed out again");
            });
        });
    }

    private static @Nullable VaultToken askWhileDown(Interleaved vault) {
        try {
            return vault.ask();
        } catch (VaultUnavailableException e) {
            return null;
        }
    }

    @Test
    void anInvalidatedTokenIsGoneForGood() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            VaultToken token = vault.ask();
            vault.later(UNTIL_RENEWAL);
            vault.atOnce(vault::ask, () -> {
                vault.session().invalidate();
                vault.check(!vault.ask().isSameAs(token), "handed out again");
            });
        });
    }

    @Test
    void theEndOfATokenIsToldOnceWhateverEndsIt() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            VaultToken token = vault.ask();
            vault.later(UNTIL_GRACE);
            vault.atOnce(
                    vault::ask,
                    () -> vault.session().reject(token),
                    () -> vault.session().invalidate());
        });
    }

    @Test
    void aTokenIsRenewedOnce() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            VaultToken token = vault.ask();
            vault.later(UNTIL_RENEWAL);
            vault.atOnce(
                    () -> vault.check(vault.ask().isSameAs(token), "the same"),
                    () -> vault.check(vault.ask().isSameAs(token), "the same"));
            vault.check(vault.renewals() == 1 && vault.logins() == 1, "one renewal");
        });
    }

    @Test
    void aCountedTokenIsHandedOutAsOftenAsItIsGoodFor() {
        interleave(() -> {
            Interleaved vault = new Interleaved(2);
            AtomicInteger first = new AtomicInteger();
            Interleaved.Step askTwice = () -> {
                for (int i = 0; i < 2; i++) {
                    if ("token 1".equals(vault.ask().accessor())) {
                        first.incrementAndGet();
                    }
                }
            };
            vault.atOnce(askTwice, askTwice);
            vault.check(first.get() == 2 && vault.logins() == 2, "two uses each: " + first);
        });
    }

    @Test
    void noTokenOutlivesItsSession() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            AtomicBoolean closed = new AtomicBoolean();
            vault.atOnce(
                    () -> {
                        for (int i = 0; i < 2; i++) {
                            boolean before = closed.get();
                            vault.check(!(hasToken(vault) && before), "handed out after the end");
                        }
                    },
                    () -> {
                        vault.session().close();
                        closed.set(true);
                        vault.check(!hasToken(vault), "handed out after the end");
                    });
            vault.check(vault.alive.isEmpty(), "left alive");
            vault.check(vault.told.size() == 2 * vault.logins(), "each login has its end");
        });
    }

    @Test
    void norOneThatWasBeingRenewed() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            vault.ask();
            vault.later(UNTIL_RENEWAL);
            vault.atOnce(() -> hasToken(vault), () -> vault.session().close());
            vault.check(vault.alive.isEmpty() && !hasToken(vault), "left alive");
        });
    }

    private static boolean hasToken(Interleaved vault) {
        try {
            vault.ask();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void twoRequestsWithADeadTokenHealByOneLogin() {
        interleave(() -> {
            Interleaved vault = new Interleaved(0);
            VaultToken token = vault.ask();
            vault.revoke(token);
            vault.later(Duration.ofSeconds(1));
            vault.atOnce(
                    () -> vault.session().client().read("secret/data/a"),
                    () -> vault.session().client().read("secret/data/b"));
            vault.check(vault.logins() == 2, "one login heals both");
        });
    }
}
