package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.secrets.SecretOptions;
import java.util.SplittableRandom;

/** Runs a scenario with environments of one kind. */
final class Fleet {
    /** Whose environments they are. */
    enum Policy {
        LIBRARY("library"),
        EXTENSION("our extension"),
        PEER("peer"),
        PEER_WITH_CACHE("peer with cache");

        private final String title;

        Policy(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        private Environment environment(VirtualTime time, VaultModel vault, Scenario scenario, long seed) {
            return switch (this) {
                case LIBRARY -> library(time, vault, scenario, seed);
                case EXTENSION -> {
                    SplittableRandom seeds = new SplittableRandom(seed);
                    yield new ExtensionEnvironment(time, () -> library(time, vault, scenario, seeds.nextLong()));
                }
                case PEER -> new PeerEnvironment(time, vault, 0, seed);
                case PEER_WITH_CACHE ->
                    new PeerEnvironment(time, vault, scenario.freshness().toNanos() / 1_000, seed);
            };
        }

        private static Environment library(VirtualTime time, VaultModel vault, Scenario scenario, long seed) {
            return new LibraryEnvironment(time, vault, SecretOptions.defaults().withTtl(scenario.freshness()), seed);
        }
    }

    /** What came of it. */
    record Result(Traffic traffic, Course course) {}

    private final Scenario scenario;
    private final Policy policy;
    private final VirtualTime time = new VirtualTime();
    private final VaultModel vault;
    private final Course course;

    private Fleet(Scenario scenario, Policy policy) {
        this.scenario = scenario;
        this.policy = policy;
        this.vault = new VaultModel(time, scenario.capacity());
        this.course = new Course(scenario.environments());
    }

    /** Runs it; the same seed gives the same result. */
    static Result run(Scenario scenario, Policy policy, long seed) {
        return new Fleet(scenario, policy).run(seed);
    }

    /** When the environments start. */
    static long[] starts(Scenario scenario, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] starts = new long[scenario.environments()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = micros(random.nextDouble() * scenario.startsWithinSeconds());
        }
        return starts;
    }

    private Result run(long seed) {
        for (Scenario.Incident incident : scenario.incidents()) {
            time.at(micros(incident.atSeconds()), () -> incident.happening().to(vault));
        }
        long[] starts = starts(scenario, seed);
        SplittableRandom random = new SplittableRandom(~seed);
        for (int i = 0; i < starts.length; i++) {
            int number = i;
            SplittableRandom mine = random.split();
            time.start(starts[i], () -> {
                Environment environment = policy.environment(time, vault, scenario, mine.nextLong());
                invoke(number, environment, mine);
            });
        }
        time.run();
        return new Result(vault.traffic(), course);
    }

    private static long micros(double seconds) {
        return Math.round(seconds * 1e6);
    }

    /** One invocation, which begets the next: in between an environment needs no thread. */
    private void invoke(int number, Environment environment, SplittableRandom random) {
        long begin = time.micros();
        int version = environment.invoke();
        long waited = time.micros() - begin;
        boolean served = version != Environment.FAILED;
        if (served) {
            course.served(number, time.micros(), waited, vault.staleMicros(version));
        } else {
            course.failed(time.micros(), waited);
        }
        environment.afterwards();
        if (served && scenario.everySeconds() == 0) {
            return;
        }
        double pause = served ? scenario.everySeconds() : scenario.againAfterSeconds();
        long next = time.micros() + micros(pause * random.nextDouble(0.5, 1.5));
        if (next < micros(scenario.lastsSeconds())) {
            time.start(next, () -> invoke(number, environment, random));
        }
    }
}
