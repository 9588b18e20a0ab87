package io.github.vaultlambda.benchmarks.warm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TargetTest {
    private static final double ANY = Double.POSITIVE_INFINITY;

    @Test
    void holdsByTheClockOrInProcessorTime() {
        Target target = new Target(25, 0);

        assertThat(target.verdict(24.9, 30, 0.01)).isEqualTo("<= 25 ns, 0 B: holds");
        assertThat(target.verdict(40, 24.9, 0.01)).isEqualTo("<= 25 ns, 0 B: holds in processor time");
        assertThat(target.verdict(40, 25.1, 0)).isEqualTo("<= 25 ns, 0 B: MISSED");
    }

    @Test
    void whatAllocatesTooMuchMissesHoweverQuickItIs() {
        assertThat(new Target(25, 0).verdict(1, 1, 16)).endsWith("MISSED");
        assertThat(new Target(60_000, ANY).verdict(1, 1, 1e6)).isEqualTo("<= 60,000 ns: holds");
    }
}
