package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.benchmarks.report.BarChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.SocketTransport;
import java.io.IOException;
import java.time.Duration;

/** Requests to Vault for 1,000 invocations of each {@link Workload}. */
public final class WorkloadBenchmark {
    /** The library's default, and that of the caches which are on. */
    private static final Duration FRESHNESS = Duration.ofMinutes(1);

    /** Whose way to the secrets is counted. */
    enum Way {
        LIBRARY("library"),
        EXTENSION("extension with cache"),
        PEER("peer"),
        PEER_WITH_CACHE("peer with cache");

        private final String title;

        Way(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        private Client client(CountedVault vault, SetClock clock, HttpTransport network) {
            return switch (this) {
                case LIBRARY -> new LibraryClient(vault.session(network));
                case EXTENSION -> new ExtensionClient(vault.session(network), network, FRESHNESS);
                case PEER -> new PeerClient(vault, clock, network, 0);
                case PEER_WITH_CACHE -> new PeerClient(vault, clock, network, FRESHNESS.toMillis());
            };
        }
    }

    /**
     * What was counted.
     *
     * @param requests to Vault
     * @param mostStaleSeconds how long a value had been replaced that was handed out, at most
     * @param refused how often the database did not take credentials that were handed out
     * @param leases that live at the end
     */
    record Count(int requests, int mostStaleSeconds, int refused, int leases) {}

    private WorkloadBenchmark() {}

    /** Runs all, prints their tables and writes them into the documentation. */
    public static void main(String[] arguments) throws IOException {
        Report report = Report.begin("workloads", "Requests to Vault for 1,000 invocations")
                .note("the library, our extension's proxy with its cache on (VAULT_DEFAULT_CACHE_TTL=60s,"
                        + " VAULT_DEFAULT_CACHE_ENABLED=true) and, modelled, vault-lambda-extension 0.14 without and with"
                        + " its cache")
                .note("values of the library and of these caches are good for 60 s; tokens live for 1 h")
                .note("counted by the testkit's stand-in on a clock that is set: the same on each machine;"
                        + " -Dbenchmark=workloads");
        for (Workload workload : Workload.values()) {
            Table table = Table.titled(workload.title())
                    .column("requests", "")
                    .plainColumn("old for at most", "s")
                    .plainColumn("refused by the database", "")
                    .plainColumn("leases at the end", "");
            BarChart chart = BarChart.titled(
                    Character.toString(workload.title().charAt(0)), workload.title(), "requests per 1,000 invocations");
            for (Way way : Way.values()) {
                Count count = count(workload, way);
                table.row(way.title(), count.requests(), count.mostStaleSeconds(), count.refused(), count.leases());
                chart.bar(way.title(), count.requests());
            }
            report.add(table.comparedWith(Way.PEER.title()));
            report.add(chart);
        }
        report.finish(System.out, Report.DOCUMENTS);
    }

    static Count count(Workload workload, Way way) {
        SetClock clock = new SetClock();
        try (CountedVault vault = new CountedVault(clock)) {
            HttpTransport network = new SocketTransport();
            Client client = way.client(vault, clock, network);
            long rotatedAt = 0;
            long stale = 0;
            int refused = 0;
            for (int i = 0; i < Workload.INVOCATIONS; i++) {
                if (i > 0 && workload.beginsEnvironment(i)) {
                    client.close();
                    client = way.client(vault, clock, network);
                }
                if (workload.isRotatedBefore(i)) {
                    vault.rotate();
                    rotatedAt = clock.millis();
                }
                for (String path : workload.paths()) {
                    SecretValue value = client.use(path);
                    if (workload.isDynamic()) {
                        refused += isAccepted(vault, value) ? 0 : 1;
                    } else if (!Integer.toString(vault.version()).equals(value.text("version"))) {
                        stale = Math.max(stale, clock.millis() - rotatedAt);
                    }
                }
                client.afterwards();
                clock.advance(workload.every());
                vault.requests(); // so that they are few at a time
            }
            client.close();
            network.closeIdle();
            return new Count(vault.requests(), (int) (stale / 1_000), refused, vault.leases());
        }
    }

    private static boolean isAccepted(CountedVault vault, SecretValue credentials) {
        String user = credentials.text("username");
        String password = credentials.text("password");
        return user != null && password != null && vault.databaseAccepts(user, password);
    }
}
