package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Failures that the next requests shall meet. Thread-safe. */
public final class FaultPlan {
    private static final class Fault {
        final Predicate<String> path;
        final int status;
        final @Nullable Duration retryAfter;
        final byte @Nullable [] body;
        int left;

        Fault(Predicate<String> path, int count, int status, @Nullable Duration retryAfter, byte @Nullable [] body) {
            this.path = path;
            this.left = count;
            this.status = status;
            this.retryAfter = retryAfter;
            this.body = body;
        }
    }

    private static final class Hang {
        final Predicate<String> path;
        int left;

        Hang(Predicate<String> path, int count) {
            this.path = path;
            this.left = count;
        }
    }

    private record Delay(Predicate<String> path, Duration time) {}

    private final List<Fault> faults = new ArrayList<>();
    private final List<Delay> delays = new ArrayList<>();
    private final List<Hang> hangs = new ArrayList<>();
    private int cleared;

    /** The next {@code count} requests to such paths get this status; 0 closes the connection. */
    public synchronized void fail(int count, int status, @Nullable Duration retryAfter, Predicate<String> path) {
        if (count < 0 || (status != 0 && (status < 200 || status > 599))) {
            throw new IllegalArgumentException("count " + count + ", status " + status);
        }
        faults.add(new Fault(path, count, status, retryAfter, null));
    }

    /** The next {@code count} requests to such paths are answered with this instead of what Vault would say. */
    public synchronized void answer(int count, int status, byte[] body, Predicate<String> path) {
        if (count < 0 || status < 200 || status > 599) {
            throw new IllegalArgumentException("count " + count + ", status " + status);
        }
        faults.add(new Fault(path, count, status, null, body.clone()));
    }

    /** The next {@code count} requests to such paths are read and never answered, until {@link #clear()}. */
    public synchronized void hang(int count, Predicate<String> path) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count);
        }
        hangs.add(new Hang(path, count));
    }

    /** All requests to such paths are answered so much later; zero ends all delays. */
    public synchronized void delay(Duration time, Predicate<String> path) {
        if (time.isZero()) {
            delays.clear();
        } else {
            delays.add(new Delay(path, time));
        }
    }

    /** Forgets everything. */
    public synchronized void clear() {
        faults.clear();
        delays.clear();
        hangs.clear();
        cleared++;
        notifyAll();
    }

    /** Whether the request was held back, so that its connection is closed without an answer. */
    synchronized boolean held(String path) throws InterruptedException {
        for (Hang hang : hangs) {
            if (hang.left > 0 && hang.path.test(path)) {
                hang.left--;
                int before = cleared;
                while (cleared == before) {
                    wait();
                }
                return true;
            }
        }
        return false;
    }

    void pause(String path) throws InterruptedException {
        long millis = 0;
        synchronized (this) {
            for (Delay delay : delays) {
                if (delay.path().test(path)) {
                    millis += delay.time().toMillis();
                }
            }
        }
        if (millis > 0) {
            Thread.sleep(millis);
        }
    }

    synchronized @Nullable HttpAnswer next(String path) {
        for (Fault fault : faults) {
            if (fault.left > 0 && fault.path.test(path)) {
                fault.left--;
                if (fault.status == 0) {
                    return HttpAnswer.dropped();
                }
                HeaderList headers = new HeaderList().add("Content-Type", "application/json");
                Duration retryAfter = fault.retryAfter;
                if (retryAfter != null) {
                    headers.add("Retry-After", Long.toString(retryAfter.toSeconds()));
                }
                byte[] given = fault.body;
                if (given != null) {
                    return new HttpAnswer(fault.status, headers, given);
                }
                String body = Json.write(Map.of("errors", List.of("injected failure")));
                return new HttpAnswer(fault.status, headers, body.getBytes(StandardCharsets.UTF_8));
            }
        }
        return null;
    }
}
