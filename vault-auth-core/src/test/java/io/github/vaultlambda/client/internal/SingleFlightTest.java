package io.github.vaultlambda.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.fakes.FakeClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SingleFlight<String, String> flights = new SingleFlight<>();
    private final Deadline late = Deadline.after(InstantSource.system(), Duration.ofMinutes(1));

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Work that says when it began and ends when it is told to. */
    private static final class Flight implements Supplier<String> {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        final AtomicInteger runs = new AtomicInteger();

        @Override
        public String get() {
            runs.incrementAndGet();
            begun.countDown();
            try {
                assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "landed";
        }
    }

    /** The first of them does the work, all others wait for it when this returns. */
    private List<Future<String>> join(int count, String key, Supplier<String> work, CountDownLatch begun)
            throws InterruptedException {
        List<Future<String>> all = new ArrayList<>();
        all.add(threads.submit(() -> flights.run(key, late, work)));
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        List<Thread> waiters = new CopyOnWriteArrayList<>();
        for (int i = 1; i < count; i++) {
            all.add(threads.submit(() -> {
                waiters.add(Thread.currentThread());
                try {
                    return flights.run(key, late, () -> "second run");
                } catch (IllegalStateException e) {
                    // A later call, however soon, is a new flight.
                    return e.getMessage() + ", then " + flights.run(key, late, () -> "landed");
                }
            }));
        }
        while (waiters.size() < count - 1 || !waiters.stream().allMatch(SingleFlightTest::isWaiting)) {
            Thread.onSpinWait();
        }
        return all;
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void everybodyGetsTheOutcomeOfTheOneRun() throws Exception {
        Flight flight = new Flight();
        List<Future<String>> all = join(64, "key", flight, flight.begun);
        flight.end.countDown();

        for (Future<String> one : all) {
            assertThat(one.get(1, TimeUnit.MINUTES)).isEqualTo("landed");
        }
        assertThat(flight.runs).hasValue(1);
    }

    @Test
    void waitersDoNotRunTheWork() throws Exception {
        Flight flight = new Flight();
        List<Future<String>> all = join(1, "key", flight, flight.begun);
        FakeClock clock = new FakeClock();
        Deadline over = Deadline.after(clock, Duration.ZERO);

        // A waiter whose time is up leaves, with the key in its message, while the flight goes on.
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> flights.run("key", over, () -> "second run"))
                    .isInstanceOf(VaultUnavailableException.class)
                    .hasMessageStartingWith("No answer in time for key, for which another thread has asked. Hint: ");
        }
        assertThat(all).noneMatch(Future::isDone);
        flight.end.countDown();
        assertThat(all.get(0).get(1, TimeUnit.MINUTES)).isEqualTo("landed");
        assertThat(flight.runs).hasValue(1);
    }

    @Test
    void otherKeysGoOn() throws Exception {
        Flight flight = new Flight();
        List<Future<String>> held = join(3, "held", flight, flight.begun);

        for (int i = 0; i < 100; i++) {
            String key = "free" + i % 7;
            assertThat(flights.run(key, late, () -> "value of " + key)).isEqualTo("value of " + key);
        }

        assertThat(held).noneMatch(Future::isDone);
        flight.end.countDown();
        for (Future<String> one : held) {
            assertThat(one.get(1, TimeUnit.MINUTES)).isEqualTo("landed");
        }
    }

    @Test
    void manyKeysAndManyThreadsNeverMixUp() throws Exception {
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String key = "key" + i % 13;
            all.add(threads.submit(() -> flights.run(key, late, () -> key)));
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get(1, TimeUnit.MINUTES)).isEqualTo("key" + i % 13);
        }
    }

    @Test
    void aFailureIsSharedAndTheNextCallTriesAgain() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        IllegalStateException failure = new IllegalStateException("crashed");
        List<Future<String>> all = join(
                9,
                "key",
                () -> {
                    begun.countDown();
                    awaitUninterruptibly(end);
                    throw failure;
                },
                begun);
        end.countDown();

        assertThatThrownBy(all.get(0)::get)
                .isInstanceOf(ExecutionException.class)
                .hasCause(failure);
        for (Future<String> waiter : all.subList(1, all.size())) {
            assertThat(waiter.get(1, TimeUnit.MINUTES)).isEqualTo("crashed, then landed");
        }
    }

    @Test
    void anErrorIsSharedToo() {
        assertThatThrownBy(() -> flights.run("key", late, () -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(flights.run("key", late, () -> "landed")).isEqualTo("landed");
    }

    @Test
    void anInterruptedWaiterLeavesAndStaysInterrupted() throws Exception {
        Flight flight = new Flight();
        List<Future<String>> all = join(1, "key", flight, flight.begun);
        Future<Boolean> waiter = threads.submit(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> flights.run("key", late, () -> "not reached"))
                    .isInstanceOf(VaultUnavailableException.class);
            return Thread.interrupted();
        });

        assertThat(waiter.get(1, TimeUnit.MINUTES)).isTrue();
        flight.end.countDown();
        assertThat(all.get(0).get(1, TimeUnit.MINUTES)).isEqualTo("landed");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoHasTimeLeftDoesNotShareTheFailureOfOneThatRanOutOfTime() throws Exception {
        FakeClock clock = new FakeClock();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<String> hasty =
                threads.submit(() -> flights.run("key", Deadline.after(clock, Duration.ofSeconds(1)), () -> {
                    begun.countDown();
                    try {
                        assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    clock.advance(Duration.ofSeconds(1));
                    throw new IllegalStateException("out of time");
                }));
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        List<Thread> waiters = new CopyOnWriteArrayList<>();
        Future<String> patient = threads.submit(() -> {
            waiters.add(Thread.currentThread());
            return flights.run("key", late, () -> "landed");
        });
        while (waiters.isEmpty() || waiters.get(0).getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        end.countDown();

        assertThat(patient.get(1, TimeUnit.MINUTES)).isEqualTo("landed");
        assertThatThrownBy(() -> hasty.get(1, TimeUnit.MINUTES)).hasRootCauseMessage("out of time");
    }

    @Test
    void whoWaitsDoesNotShareTheFailureOfOneThatWasInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<String> interrupted = threads.submit(() -> flights.run("key", late, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("interrupted");
        }));
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        List<Thread> waiters = new CopyOnWriteArrayList<>();
        Future<String> patient = threads.submit(() -> {
            waiters.add(Thread.currentThread());
            return flights.run("key", late, () -> "landed");
        });
        while (waiters.isEmpty() || !isWaiting(waiters.get(0))) {
            Thread.onSpinWait();
        }
        interrupted.cancel(true);

        assertThat(patient.get(1, TimeUnit.MINUTES)).isEqualTo("landed");
    }
}
