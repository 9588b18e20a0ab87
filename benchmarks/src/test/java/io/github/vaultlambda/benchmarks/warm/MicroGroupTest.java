package io.github.vaultlambda.benchmarks.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;

class MicroGroupTest {
    private static List<String> methods(MicroGroup group) {
        return Stream.of(group.benchmark().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(MicroGroup.class)
    void whatAllAreComparedWithIsOneOfThem(MicroGroup group) {
        assertThat(methods(group).stream().map(MicroGroup::label)).contains(group.base());
    }

    @Test
    void eachTargetIsThatOfABenchmark() {
        Set<String> all = new HashSet<>();
        for (MicroGroup group : MicroGroup.values()) {
            all.addAll(methods(group));
        }

        assertThat(all).containsAll(MicroBenchmarks.TARGETS.keySet());
    }

    @Test
    void aMethodsNameBecomesWords() {
        assertThat(MicroGroup.label("tenSecretsByTwoThreads")).isEqualTo("ten secrets by two threads");
    }
}
