package io.github.vaultlambda.fakes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A network that answers what a test wrote down, and remembers what it was asked. */
public final class ScriptedTransport implements HttpTransport {
    private final Queue<HttpTransport> steps = new ConcurrentLinkedQueue<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger closings = new AtomicInteger();
    private volatile @Nullable HttpTransport otherwise;

    public ScriptedTransport then(HttpTransport step) {
        steps.add(step);
        return this;
    }

    public ScriptedTransport then(int status, String body) {
        return then(call -> reply(status, body));
    }

    public ScriptedTransport thenFail(IOException failure) {
        return then(call -> {
            throw failure;
        });
    }

    /** What answers when the script is at its end. */
    public ScriptedTransport otherwise(HttpTransport step) {
        otherwise = step;
        return this;
    }

    @Override
    public Reply send(Call call) throws IOException {
        calls.add(call);
        HttpTransport step = steps.poll();
        HttpTransport last = otherwise;
        if (step == null && last == null) {
            throw new AssertionError("one request too many: " + call);
        }
        return step == null ? Objects.requireNonNull(last).send(call) : step.send(call);
    }

    @Override
    public void closeIdle() {
        closings.incrementAndGet();
    }

    /** How often it was told to close idle connections. */
    public int closings() {
        return closings.get();
    }

    /** Every request so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public Call call(int index) {
        return calls.get(index);
    }

    /** A platform of this network and this clock, which takes the least jitter. */
    public Platform platform(FakeClock clock) {
        return Platform.system()
                .withTransport(this)
                .withClock(clock)
                .withSleeper(clock)
                .withRandom(random(false))
                .withRetryBudget(new RetryBudget());
    }

    public static Reply reply(int status, String body) {
        return new Reply(status, body.getBytes(UTF_8));
    }

    public static String body(Call call) {
        byte[] body = call.body();
        return body == null ? "" : new String(body, UTF_8);
    }

    /** Random numbers that are always the lowest or the highest allowed. */
    public static RandomGenerator random(boolean highest) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public long nextLong(long bound) {
                return highest ? bound - 1 : 0;
            }
        };
    }
}
