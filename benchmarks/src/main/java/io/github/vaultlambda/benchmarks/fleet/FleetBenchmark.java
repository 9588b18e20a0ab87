package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.benchmarks.fleet.Fleet.Policy;
import io.github.vaultlambda.benchmarks.fleet.Fleet.Result;
import io.github.vaultlambda.benchmarks.report.LineChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What fleets do to Vault, and Vault to them, when something goes wrong; see {@link Scenarios}. */
public final class FleetBenchmark {
    private static final long SEED = 1;
    private static final int STORM_SECONDS = 75;
    private static final String OPTIMUM = "optimum";
    private static final int LONGEST_BLIP = 25;
    private static final Set<Integer> BLIPS_SHOWN = Set.of(1, 3, 5, 10, 20);

    private final Report report = Report.begin("fleet", "Fleets on a virtual clock, with the library's own classes");

    private FleetBenchmark() {}

    /** Runs all scenarios, prints their tables and writes them into the documentation. */
    public static void main(String[] arguments) throws IOException {
        new FleetBenchmark().run();
    }

    private void run() throws IOException {
        report.note("seed " + SEED + ": the figures are the same on each machine; -Dbenchmark=fleet");
        report.note(
                "peer: the policy of vault-lambda-extension 0.14, modelled; its process ends when it cannot log in");
        storm();
        blips();
        incident(Scenarios.outage(), Scenarios.OUTAGE_ENDS, List.of(Policy.LIBRARY, Policy.PEER));
        incident(Scenarios.expiry(), Scenarios.INCIDENT, List.of(Policy.LIBRARY, Policy.PEER));
        incident(
                Scenarios.rotation(), Scenarios.INCIDENT, List.of(Policy.LIBRARY, Policy.PEER, Policy.PEER_WITH_CACHE));
        report.finish(System.out, Report.DOCUMENTS);
    }

    private void storm() {
        Scenario storm = Scenarios.storm();
        Optimum optimum =
                Optimum.of(Fleet.starts(storm, SEED), Math.round(Scenarios.STORM_ENDS * 1e6), storm.capacity());
        Result library = Fleet.run(storm, Policy.LIBRARY, SEED);
        Result extension = Fleet.run(storm, Policy.EXTENSION, SEED);
        Result peer = Fleet.run(storm, Policy.PEER, SEED);
        double best = optimum.course().readySeconds(1) - Scenarios.STORM_ENDS;
        report.add(Table.titled(storm.title())
                .column("requests", "")
                .plainColumn("of them 429", "")
                .column("busiest second", "")
                .plainColumn("all have the secret after Vault is back", "s")
                .plainColumn("times the optimum", "")
                .plainColumn("failed invocations", "")
                .row("peer", stormRow(peer, best))
                .row("library", stormRow(library, best))
                .row("our extension", stormRow(extension, best))
                .row(OPTIMUM, (double) optimum.requests(), 0, Double.NaN, best, 1, Double.NaN)
                .comparedWith("peer"));
        double[] seconds = seconds(STORM_SECONDS);
        report.add(LineChart.titled("storm-load", storm.title(), "seconds", "requests/s")
                .line("library", seconds, upTo(STORM_SECONDS, library.traffic().perSecond()))
                .line(
                        "our extension",
                        seconds,
                        upTo(STORM_SECONDS, extension.traffic().perSecond()))
                .line("peer", seconds, upTo(STORM_SECONDS, peer.traffic().perSecond())));
        report.add(LineChart.titled("storm-ready", storm.title(), "seconds", "environments with the secret")
                .line("library", seconds, library.course().readyBySecond(STORM_SECONDS))
                .line("peer", seconds, peer.course().readyBySecond(STORM_SECONDS))
                .line(OPTIMUM, seconds, optimum.course().readyBySecond(STORM_SECONDS)));
    }

    private static double[] stormRow(Result result, double best) {
        double recovered = result.course().readySeconds(1) - Scenarios.STORM_ENDS;
        return new double[] {
            (double) result.traffic().received(),
            (double) result.traffic().limited(),
            (double) result.traffic().most(),
            recovered,
            recovered / best,
            (double) result.course().failures()
        };
    }

    private void blips() {
        Table table = Table.titled(
                        "Short failures: 1,000 environments start while Vault fails; then it has room for all")
                .plainColumn("secret after Vault is back, on average", "s")
                .plainColumn("for 95 of 100", "s")
                .plainColumn("failed invocations of one", "")
                .plainColumn("requests of one", "");
        LineChart chart = LineChart.titled(
                "blips",
                "Start while Vault fails: how long after its return an environment has its secret, on average",
                "seconds for which Vault fails",
                "seconds");
        double[] lengths = seconds(LONGEST_BLIP + 1);
        for (Policy policy : List.of(Policy.LIBRARY, Policy.EXTENSION, Policy.PEER)) {
            double[] means = new double[lengths.length];
            for (int length = 1; length <= LONGEST_BLIP; length++) {
                Scenario blip = Scenarios.blip(length);
                Result result = Fleet.run(blip, policy, SEED);
                Course course = result.course();
                means[length] = course.meanReadySeconds() - length;
                if (BLIPS_SHOWN.contains(length)) {
                    table.row(
                            length + " s, " + policy.title(),
                            means[length],
                            course.readySeconds(0.95) - length,
                            (double) course.failures() / blip.environments(),
                            (double) result.traffic().received() / blip.environments());
                }
            }
            chart.line(policy.title(), lengths, means);
        }
        report.add(table);
        report.add(chart);
    }

    private void incident(Scenario scenario, double overAtSeconds, List<Policy> policies) {
        Map<Policy, Result> results = new EnumMap<>(Policy.class);
        for (Policy policy : policies) {
            results.put(policy, Fleet.run(scenario, policy, SEED));
        }
        Table table = Table.titled(scenario.title())
                .column("requests", "")
                .column("logins", "")
                .plainColumn("of all 429", "")
                .column("busiest second", "")
                .plainColumn("invocations", "")
                .column("failed", "")
                .plainColumn("last failure after it was over", "s")
                .plainColumn("given an old value", "")
                .plainColumn("old for at most", "s");
        LineChart chart = LineChart.titled(scenario.name() + "-load", scenario.title(), "seconds", "requests/s");
        results.forEach((policy, result) -> {
            Course course = result.course();
            table.row(
                    policy.title(),
                    (double) result.traffic().received(),
                    (double) result.traffic().logins(),
                    (double) result.traffic().limited(),
                    (double) result.traffic().most(),
                    (double) course.invocations(),
                    (double) course.failures(),
                    Math.max(0, course.lastFailureSeconds() - overAtSeconds),
                    (double) course.staleInvocations(),
                    course.mostStaleSeconds());
            int length = (int) scenario.lastsSeconds();
            chart.line(
                    policy.title(),
                    seconds(length),
                    upTo(length, result.traffic().perSecond()));
        });
        report.add(table.comparedWith(Policy.PEER.title()));
        report.add(chart);
    }

    private static double[] seconds(int length) {
        double[] seconds = new double[length];
        for (int i = 0; i < length; i++) {
            seconds[i] = i;
        }
        return seconds;
    }

    private static double[] upTo(int length, double[] values) {
        return Arrays.copyOf(values, length);
    }
}
