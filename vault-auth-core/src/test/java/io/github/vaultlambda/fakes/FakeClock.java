package io.github.vaultlambda.fakes;

import io.github.vaultlambda.client.Platform;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A clock that moves only when a test moves it, or waits by it. */
public final class FakeClock implements InstantSource, Platform.Sleeper {
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private Instant now = START;
    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @Override
    public synchronized Instant instant() {
        return now;
    }

    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void sleep(Duration time) {
        waits.add(time);
        advance(time);
    }

    /** Every wait so far, in order. */
    public List<Duration> waits() {
        return List.copyOf(waits);
    }
}
