package io.github.vaultlambda.benchmarks.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.benchmarks.workloads.WorkloadBenchmark.Count;
import io.github.vaultlambda.benchmarks.workloads.WorkloadBenchmark.Way;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadBenchmarkTest {
    @ParameterizedTest
    @EnumSource(names = {"STATIC", "SHORT"})
    void atMostATenthOfThePeersRequests(Workload workload) {
        int library = WorkloadBenchmark.count(workload, Way.LIBRARY).requests();

        assertThat(library * 10)
                .isLessThanOrEqualTo(WorkloadBenchmark.count(workload, Way.PEER).requests());
    }

    @Test
    void eachPassedOnRequestCounts() {
        assertThat(WorkloadBenchmark.count(Workload.STATIC, Way.PEER).requests())
                .as("a login, and one for each invocation")
                .isEqualTo(1 + Workload.INVOCATIONS);
    }

    @Test
    void allKeepThePromise() {
        Count rotated = WorkloadBenchmark.count(Workload.ROTATED, Way.LIBRARY);
        Count dynamic = WorkloadBenchmark.count(Workload.DYNAMIC, Way.LIBRARY);

        assertThat(rotated.mostStaleSeconds()).isLessThanOrEqualTo(60);
        assertThat(dynamic.refused()).isZero();
        assertThat(dynamic.leases()).isEqualTo(1);
    }

    @Test
    void theExtensionsCacheCostsNoMoreThanThePeers() {
        Count own = WorkloadBenchmark.count(Workload.STATIC, Way.EXTENSION);
        Count ended = WorkloadBenchmark.count(Workload.SHORT, Way.EXTENSION);

        assertThat(own).isEqualTo(WorkloadBenchmark.count(Workload.STATIC, Way.PEER_WITH_CACHE));
        assertThat(ended.requests())
                .as("a login and a read for each environment")
                .isEqualTo(2 * 17);
        assertThat(WorkloadBenchmark.count(Workload.ROTATED, Way.EXTENSION).mostStaleSeconds())
                .isLessThanOrEqualTo(60);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBRARY", "EXTENSION"})
    void theSameEachTime(Way way) {
        assertThat(WorkloadBenchmark.count(Workload.ROTATED, way))
                .isEqualTo(WorkloadBenchmark.count(Workload.ROTATED, way));
    }
}
