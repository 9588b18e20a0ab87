package io.github.vaultlambda.client;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.ProxyOptions;
import io.github.vaultlambda.http.SocketTransport;
import io.github.vaultlambda.http.TlsOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What the client takes from its surroundings: time, randomness, waiting, the network. Production code uses {@link #system()};
 * tests put their own parts in. Immutable; thread-safe when its parts are.
 */
public final class Platform {
    /** Waits. */
    @FunctionalInterface
    public interface Sleeper {
        /**
         * Waits that long.
         *
         * @throws InterruptedException when the thread is interrupted meanwhile
         */
        void sleep(Duration time) throws InterruptedException;
    }

    private static final RetryBudget BUDGET_OF_PROCESS = new RetryBudget();

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private final HttpTransport transport;
    /** Whether {@link #transport} is a test's or user's own, and so for every host. */
    private final boolean ownTransport;

    private final RetryBudget retryBudget;

    private Platform(
            InstantSource clock,
            RandomGenerator random,
            Sleeper sleeper,
            HttpTransport transport,
            boolean ownTransport,
            RetryBudget retryBudget) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = Objects.requireNonNull(random, "random");
        this.sleeper = Objects.requireNonNull(sleeper, "sleeper");
        this.transport = Objects.requireNonNull(transport, "transport");
        this.ownTransport = ownTransport;
        this.retryBudget = Objects.requireNonNull(retryBudget, "retryBudget");
    }

    /** The system's clock, the thread's random numbers, real waiting, HTTP over sockets, the retry budget of this process. */
    public static Platform system() {
        return new Platform(
                InstantSource.system(),
                new ThreadRandom(),
                new ThreadSleeper(),
                new SocketTransport(),
                false,
                BUDGET_OF_PROCESS);
    }

    /**
     * The system's, with the standard proxy variables for hosts other than Vault; a variable that names no proxy becomes a fault
     * of the settings.
     */
    public static Platform forEnvironment(EnvironmentSettings settings) {
        ProxyOptions proxies = settings.standardProxies();
        Platform system = system();
        return new Platform(
                system.clock,
                system.random,
                system.sleeper,
                new SocketTransport(TlsOptions.defaults(), proxies),
                false,
                system.retryBudget);
    }

    /** This with another clock. */
    public Platform withClock(InstantSource other) {
        return new Platform(other, random, sleeper, transport, ownTransport, retryBudget);
    }

    /** This with another source of random numbers, which must be thread-safe. */
    public Platform withRandom(RandomGenerator other) {
        return new Platform(clock, other, sleeper, transport, ownTransport, retryBudget);
    }

    /** This with another way to wait. */
    public Platform withSleeper(Sleeper other) {
        return new Platform(clock, random, other, transport, ownTransport, retryBudget);
    }

    /** This with another transport, for every host and all options. */
    public Platform withTransport(HttpTransport other) {
        return new Platform(clock, random, sleeper, other, true, retryBudget);
    }

    /** This with another retry budget. */
    public Platform withRetryBudget(RetryBudget other) {
        return new Platform(clock, random, sleeper, transport, ownTransport, other);
    }

    /** The wall clock. */
    public InstantSource clock() {
        return clock;
    }

    /** Random numbers for jitter; not for keys. */
    public RandomGenerator random() {
        return random;
    }

    /** How to wait. */
    public Sleeper sleeper() {
        return sleeper;
    }

    /** The network, for hosts other than Vault. */
    public HttpTransport transport() {
        return transport;
    }

    /**
     * The network without any proxy, for hosts that only this machine reaches, such as EC2's instance metadata: what they say is
     * nobody else's business. The one of {@link #withTransport} if there is; otherwise a new one each time.
     */
    public HttpTransport directTransport() {
        return transport(TlsOptions.defaults(), ProxyOptions.none());
    }

    /** A transport of its own for Vault, as these options secure and lead it; the one of {@link #withTransport} if there is. */
    HttpTransport transport(TlsOptions tls, ProxyOptions proxies) {
        return ownTransport
                ? transport
                : new SocketTransport(tls, proxies, clock, SocketTransport.DEFAULT_MAX_ANSWER_BYTES);
    }

    /** How many failed requests may be repeated. */
    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /** A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private static final class ThreadSleeper implements Sleeper {
        @Override
        public void sleep(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis());
        }
    }

    /**
     * The calling thread's generator, mixed with the time: after a snapshot all copies of the process have the same seeds, and
     * would otherwise come back to a sick Vault at the same moments.
     */
    private static final class ThreadRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            long mixed = (java.util.concurrent.ThreadLocalRandom.current().nextLong() ^ System.nanoTime())
                    * 0x9E3779B97F4A7C15L;
            mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
            return mixed ^ (mixed >>> 31);
        }
    }
}
