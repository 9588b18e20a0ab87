package io.github.vaultlambda.client.internal;

import io.github.vaultlambda.client.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/** One flight at a time and an outcome for everybody, in each of the interleavings that the model checker tries. */
class SingleFlightInterleavingTest {
    private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 100);

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

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Test
    void oneAtATimeAndEverybodyGetsAnOutcomeNotOlderThanItsCall() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            SingleFlight<String, Integer> flights = new SingleFlight<>();
            Deadline late = Deadline.after(InstantSource.fixed(Instant.EPOCH), Duration.ofHours(1));
            AtomicInteger flying = new AtomicInteger();
            AtomicInteger landed = new AtomicInteger();
            AtomicReferenceArray<String> faults = new AtomicReferenceArray<>(3);
            Runnable[] steps = new Runnable[3];
            for (int i = 0; i < steps.length; i++) {
                int me = i;
                steps[i] = () -> {
                    int before = landed.get();
                    int outcome = flights.run("key", late, () -> {
                        if (flying.incrementAndGet() != 1) {
                            faults.set(me, "two at a time");
                        }
                        flying.decrementAndGet();
                        return landed.incrementAndGet();
                    });
                    // One that has landed may still be joined until its thread has taken it off the board.
                    if (outcome < before) {
                        faults.set(me, "outcome " + outcome + " after " + before);
                    }
                };
            }
            atOnce(steps);
            for (int i = 0; i < faults.length(); i++) {
                check(faults.get(i) == null, String.valueOf(faults.get(i)));
            }
        });
    }

    @Test
    void whoHasTimeLeftTakesOver() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            SingleFlight<String, String> flights = new SingleFlight<>();
            AtomicLong now = new AtomicLong();
            InstantSource clock = () -> Instant.ofEpochSecond(now.get());
            Deadline early = Deadline.at(clock, Instant.ofEpochSecond(1));
            Deadline late = Deadline.at(clock, Instant.ofEpochSecond(1_000));
            AtomicInteger served = new AtomicInteger();
            Runnable patient = () -> {
                if (flights.run("key", late, () -> "landed").equals("landed")) {
                    served.incrementAndGet();
                }
            };
            Runnable hasty = () -> {
                try {
                    flights.run("key", early, () -> {
                        now.set(1);
                        throw new IllegalStateException("out of time");
                    });
                } catch (RuntimeException e) {
                    return; // its own time is over
                }
            };
            atOnce(patient, hasty, patient);
            check(served.get() == 2, "not served: " + served);
        });
    }
}
