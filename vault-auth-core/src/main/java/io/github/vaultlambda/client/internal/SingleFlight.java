package io.github.vaultlambda.client.internal;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final ConcurrentMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /**
     * Does the work, or waits for the thread that is doing it.
     *
     * @throws VaultUnavailableException when that thread is not done by the deadline
     */
    public V run(K key, Deadline deadline, Supplier<V> work) {
        while (true) {
            CompletableFuture<V> mine = new CompletableFuture<>();
            CompletableFuture<V> other = flights.putIfAbsent(key, mine);
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

    private V fly(K key, Deadline deadline, Supplier<V> work, CompletableFuture<V> mine) {
        try {
            V value = work.get();
            flights.remove(key, mine); // first, so that nobody joins a flight whose outcome is known already
            mine.complete(value);
            return value;
        } catch (Throwable failure) {
            flights.remove(key, mine);
            boolean onlyMine = deadline.isOver() || Thread.currentThread().isInterrupted();
            mine.completeExceptionally(onlyMine ? new LeaderGaveUp(failure) : failure);
            throw failure;
        }
    }

    /** What the other thread's work came to; null when only that thread gave up, so that this one may try. */
    private @Nullable V outcome(K key, CompletableFuture<V> flight, Deadline deadline) {
        try {
            return flight.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LeaderGaveUp late) {
                if (!deadline.isOver()) {
                    return null;
                }
                throw VaultUnavailableException.notInTime(key.toString(), late.getCause());
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw VaultUnavailableException.notInTime(key.toString(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw VaultUnavailableException.notInTime(key.toString(), null);
        }
    }

    /** Marks the failure of a thread whose time was over or that was interrupted, which says nothing about the others. */
    private static final class LeaderGaveUp extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeaderGaveUp(Throwable failure) {
            super(failure);
        }
    }
}
