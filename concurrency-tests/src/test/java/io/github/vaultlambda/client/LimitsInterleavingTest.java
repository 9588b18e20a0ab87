package io.github.vaultlambda.client;

import io.github.vaultlambda.config.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/** The limits hold, however threads and the passing of time interleave. */
class LimitsInterleavingTest {
    private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 100);

    /** Goes on by a step each time that it is read. */
    private static final class RunningClock implements InstantSource {
        private final AtomicLong millis = new AtomicLong();
        private final long step;

        RunningClock(long step) {
            this.step = step;
        }

        @Override
        public long millis() {
            return millis.addAndGet(step);
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }
    }

    private static void atOnce(Runnable... steps) {
        Thread[] threads = new Thread[steps.length];
        for (int i = 0; i < steps.length; i++) {
            threads[i] = new Thread(steps[i]);
            threads[i].start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void noMoreTurnsThanTheRateAllows() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            RunningClock clock = new RunningClock(500); // half a turn
            RateLimiter limiter = new RateLimiter(new RateLimit(1, 1), clock);
            AtomicInteger turns = new AtomicInteger();
            Runnable bookTwice = () -> {
                for (int i = 0; i < 2; i++) {
                    if (limiter.book(Duration.ZERO) != null) {
                        turns.incrementAndGet();
                    }
                }
            };
            atOnce(bookTwice, bookTwice);
            assertAtMost(1 + 4 / 2, turns.get());
        });
    }

    @Test
    void noMoreRetriesThanTheBudgetHolds() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            RunningClock clock = new RunningClock(5_000); // half a retry
            RetryBudget budget = new RetryBudget();
            while (budget.take(InstantSource.fixed(Instant.EPOCH))) {
                // until it is empty
            }
            AtomicInteger retries = new AtomicInteger();
            Runnable takeTwice = () -> {
                for (int i = 0; i < 2; i++) {
                    if (budget.take(clock)) {
                        retries.incrementAndGet();
                    }
                }
            };
            atOnce(takeTwice, takeTwice, budget::giveBack);
            assertAtMost(2, retries.get());
        });
    }

    /** Without AssertJ, whose code would be interleaved too. */
    private static void assertAtMost(int most, int number) {
        if (number > most) {
            throw new AssertionError(number + " instead of at most " + most);
        }
    }
}
