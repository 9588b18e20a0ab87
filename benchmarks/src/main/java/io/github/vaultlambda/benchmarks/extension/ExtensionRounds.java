package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.report.Machine;
import io.github.vaultlambda.benchmarks.vault.VaultProcess;
import io.github.vaultlambda.layer.RunningExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Measures one extension, round after round, and keeps the figures. */
final class ExtensionRounds {
    private static final String CACHE = "X-Vault-Cache-Control: cache";
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(2);
    private static final int MANY = 16;
    private static final int REQUESTS = 1_000;

    private final Contender contender;
    private final VaultProcess vault;
    private final Path log;
    private final Map<ExtensionFigure, List<Double>> figures = new EnumMap<>(ExtensionFigure.class);

    ExtensionRounds(Contender contender, VaultProcess vault) throws IOException {
        this.contender = contender;
        this.vault = vault;
        this.log = Files.createTempFile("extension", ".log");
        add(ExtensionFigure.SIZE, contender.size() / 1e6);
    }

    Contender contender() {
        return contender;
    }

    /** The values of all rounds; empty for what was not measured. */
    List<Double> values(ExtensionFigure figure) {
        return figures.getOrDefault(figure, List.of());
    }

    /** Brings its files into memory. */
    void warmUp() throws IOException, InterruptedException {
        start(Map.of()).close();
    }

    void measureStart() throws IOException, InterruptedException {
        try (RunningExtension extension = start(Map.of())) {
            add(ExtensionFigure.START, extension.startTime().toNanos() / 1e6);
        }
    }

    /** Memory and speed, of a process that caches for a minute what asks for it. */
    void measureProxy() throws IOException, InterruptedException {
        try (RunningExtension extension = start(Map.of("VAULT_DEFAULT_CACHE_TTL", "60s"))) {
            add(ExtensionFigure.IDLE, Machine.residentMegabytes(extension.process()));
            HttpLoad passed = load();
            passed.count(REQUESTS);
            add(ExtensionFigure.BUSY, Machine.residentMegabytes(extension.process()));

            HttpLoad cached = load(CACHE);
            cached.during(WARM_UP, 1);
            HttpLoad.Result one = cached.during(MEASURED, 1);
            add(ExtensionFigure.CACHED_RATE, one.perSecond());
            add(ExtensionFigure.CACHED_P50, one.p50());
            add(ExtensionFigure.CACHED_P99, one.p99());
            HttpLoad.Result many = cached.during(MEASURED, MANY);
            add(ExtensionFigure.CACHED_RATE_16, many.perSecond());
            add(ExtensionFigure.CACHED_P50_16, many.p50());

            passed.during(WARM_UP, 1);
            HttpLoad direct = new HttpLoad(vault.address().getPort(), path(0), "X-Vault-Token: " + vault.token());
            double alone = direct.during(MEASURED, 1).p50();
            HttpLoad.Result through = passed.during(MEASURED, 1);
            add(ExtensionFigure.RATE, through.perSecond());
            add(ExtensionFigure.OVERHEAD, through.p50() - alone);
            add(ExtensionFigure.RATE_16, passed.during(MEASURED, MANY).perSecond());
        }
    }

    /** A function that reads three secrets each time: the peer with its defaults, ours with values of at most a minute. */
    void measureRequests() throws IOException, InterruptedException, TimeoutException {
        Map<String, String> freshness = contender.name().equals("peer")
                ? Map.of()
                : Map.of("VAULT_DEFAULT_CACHE_TTL", "60s", "VAULT_DEFAULT_CACHE_ENABLED", "true");
        vault.requests();
        try (RunningExtension extension = start(freshness)) {
            for (int i = 0; i < REQUESTS; i++) {
                extension.invoke();
                for (int secret = 0; secret < VaultProcess.SECRETS.size(); secret++) {
                    new HttpLoad(contender.port(), path(secret)).count(1);
                }
            }
        }
        add(ExtensionFigure.VAULT_REQUESTS, vault.requests());
    }

    private HttpLoad load(String... headers) {
        return new HttpLoad(contender.port(), path(0), headers);
    }

    private static String path(int secret) {
        return "/v1/" + VaultProcess.SECRETS.get(secret);
    }

    private RunningExtension start(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> variables = vault.variables();
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        variables.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(contender.port()));
        variables.putAll(more);
        return RunningExtension.start(contender.command(), variables, log);
    }

    private void add(ExtensionFigure figure, double value) {
        figures.computeIfAbsent(figure, unused -> new ArrayList<>()).add(value);
    }
}
