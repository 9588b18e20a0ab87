package io.github.vaultlambda.client.internal;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread do the work for a key while all others that ask meanwhile wait for its outcome and share it, failure
 * included. No lock is held: other keys go on. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the outcomes
 */
public final class SingleFlight<K, V> {
    private final ConcurrentMap<K, Flight<V>> flights = new ConcurrentHashMap<>();

    /**
     * Does the work, or waits for the thread that is doing it.
     *
     * @throws VaultUnavailableException when that thread is not done by the deadline
     */
    public V run(K key, Deadline deadline, Supplier<V> work) {
        while (true) {
            Flight<V> mine = new Flight<>();
            Flight<V> other = flights.putIfAbsent(key, mine);
            if (other == null) {
                return fly(key, deadline, work, mine);
            }
            V value = outcome(key, other, deadline);
            if (value != null) {
                return value;
            }
        }
    }

    /** Whether a thread is at the work for this key at this moment. */
    public boolean isUnderWay(K key) {
        return flights.containsKey(key);
    }

    private V fly(K key, Deadline deadline, Supplier<V> work, Flight<V> mine) {
        try {
            V value = work.get();
            mine.value = value;
            return value;
        } catch (Throwable failure) {
            mine.failure = failure;
            mine.givenUp = deadline.isOver() || Thread.currentThread().isInterrupted();
            throw failure;
        } finally {
            flights.remove(key, mine); // first, so that nobody joins a flight whose outcome is known already
            mine.over.countDown();
        }
    }

    /** What the other thread's work came to; null when only that thread gave up, so that this one may try. */
    private @Nullable V outcome(K key, Flight<V> flight, Deadline deadline) {
        try {
            if (!flight.over.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw VaultUnavailableException.notInTime(key.toString(), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw VaultUnavailableException.notInTime(key.toString(), null);
        }
        Throwable failure = flight.failure;
        if (flight.givenUp) {
            if (!deadline.isOver()) {
                return null;
            }
            throw VaultUnavailableException.notInTime(key.toString(), failure);
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return flight.value;
    }

    /**
     * Work that is being done. What came of it is written before it is over and read after that. Not a CompletableFuture, which sets
     * up the common pool: the first flight is on the way of a cold start.
     */
    private static final class Flight<V> {
        final CountDownLatch over = new CountDownLatch(1);

        @Nullable
        V value;

        @Nullable
        Throwable failure;
        /** The thread's time was over, or it was interrupted, which says nothing about the others. */
        boolean givenUp;
    }
}
