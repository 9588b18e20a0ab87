package io.github.vaultlambda.benchmarks.fleet;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A clock that jumps from event to event, and threads that take turns on it. The library's classes wait as they do in a function,
 * each environment in a thread of its own; but only one thread runs at any time and hands over when it waits, so a run depends on
 * nothing but its events. Used by one thread, which calls {@link #run}, and by those that have their turn.
 */
final class VirtualTime implements InstantSource {
    /** Any moment will do. */
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long STACK_BYTES = 256 << 10;

    private static final ThreadFactory THREADS = threads();

    private static final ThreadLocal<@Nullable Turn> OWN = new ThreadLocal<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Turn> idle = new ArrayDeque<>();
    private final Turn main = new Turn(Thread.currentThread());
    private long nowMicros;
    private long scheduled;
    /** What an event or a thread threw; ends the run. */
    private @Nullable Throwable failure;

    /** Something that happens at a moment, or a thread that goes on. Of one moment, what is scheduled first comes first. */
    private record Event(
            long atMicros,
            long number,
            @Nullable Runnable action,
            boolean mayWait,
            @Nullable Turn wakes) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    /** A thread that runs when it is its turn, and no other does. */
    private final class Turn implements Runnable {
        private final Thread thread;
        private @Nullable Runnable task;
        private volatile boolean given;

        Turn() {
            thread = THREADS.newThread(this);
            thread.start();
        }

        Turn(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void run() {
            OWN.set(this);
            awaitTurn();
            for (Runnable mine = task; mine != null; mine = task) {
                try {
                    mine.run();
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                task = null;
                idle.push(this);
                handOver(this);
            }
        }

        void give() {
            given = true;
            LockSupport.unpark(thread);
        }

        void awaitTurn() {
            while (!given) {
                LockSupport.park(this);
            }
            given = false;
        }
    }

    /** Virtual threads where Java has them (21), with which a run takes a tenth of the time; the outcome is the same. */
    private static ThreadFactory threads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            return task -> {
                Thread thread = new Thread(null, task, "environment", STACK_BYTES);
                thread.setDaemon(true);
                return thread;
            };
        }
    }

    /** Microseconds since the start. */
    long micros() {
        return nowMicros;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nowMicros * 1_000);
    }

    @Override
    public long millis() {
        return START.toEpochMilli() + nowMicros / 1_000;
    }

    /** Does something at that moment that does not wait. */
    void at(long micros, Runnable action) {
        add(micros, action, false, null);
    }

    /** Does something from that moment on that may wait. */
    void start(long micros, Runnable task) {
        add(micros, task, true, null);
    }

    /** Lets that time pass for the calling thread, while others have their turns. */
    void pause(Duration time) {
        pauseUntil(nowMicros + time.toNanos() / 1_000);
    }

    /** As {@link #pause}, until a moment. */
    void pauseUntil(long micros) {
        Turn me = OWN.get();
        if (me == null) {
            throw new IllegalStateException("only what was started may wait");
        }
        add(micros, null, false, me);
        handOver(me);
    }

    private void add(long micros, @Nullable Runnable action, boolean mayWait, @Nullable Turn wakes) {
        events.add(new Event(Math.max(micros, nowMicros), scheduled++, action, mayWait, wakes));
    }

    /** Lets everything happen that is scheduled, and what follows from it, until nothing is left. */
    void run() {
        handOver(main);
        for (Turn turn : idle) {
            turn.give(); // without a task it ends
        }
        idle.clear();
        if (failure != null) {
            throw new IllegalStateException("the simulation failed", failure);
        }
    }

    /** Lets the next events happen, until one of them is that this thread goes on; for the main thread until none is left. */
    private void handOver(Turn me) {
        while (true) {
            Event event = failure == null ? events.poll() : null;
            if (event == null) {
                if (me != main) {
                    main.give();
                    me.awaitTurn();
                }
                return;
            }
            nowMicros = event.atMicros();
            Turn next = event.wakes();
            Runnable action = event.action();
            if (next == null && !event.mayWait()) {
                happen(action);
                continue;
            }
            if (next == null) {
                next = idle.isEmpty() ? new Turn() : idle.pop();
                next.task = action;
            }
            if (next != me) {
                next.give();
                me.awaitTurn();
            }
            return;
        }
    }

    private void happen(@Nullable Runnable action) {
        try {
            if (action != null) {
                action.run();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }
}
