package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.report.Machine;
import io.github.vaultlambda.benchmarks.vault.VaultProcess;
import io.github.vaultlambda.layer.RunningExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Measures one extension, round after round, and keeps the figures. */
final class ExtensionRounds {
    static final Duration MEASURED = Duration.ofSeconds(2);
    static final int MANY = 16;
    static final int REQUESTS = 1_000;

    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final String CACHE = "X-Vault-Cache-Control: cache";

    private final Contender contender;
    private final VaultProcess vault;
    private final Path log;
    private final ExtensionRow row;

    ExtensionRounds(Contender contender, VaultProcess vault) throws IOException {
        this.contender = contender;
        this.vault = vault;
        this.log = Files.createTempFile("extension", ".log");
        log.toFile().deleteOnExit();
        this.row = new ExtensionRow(contender.name());
        row.add(ExtensionFigure.SIZE, contender.size() / 1e6);
    }

    ExtensionRow row() {
        return row;
    }

    /** Brings its files into memory. */
    void warmUp() throws IOException, InterruptedException {
        start(Map.of()).close();
    }

    void measureStart() throws IOException, InterruptedException {
        try (RunningExtension extension = start(Map.of())) {
            row.add(ExtensionFigure.START, extension.startTime().toNanos() / 1e6);
        }
    }

    /** Memory and speed, of a process that caches for a minute what asks for it. */
    void measureProxy() throws IOException, InterruptedException {
        try (RunningExtension extension = start(Map.of("VAULT_DEFAULT_CACHE_TTL", "60s"))) {
            row.add(ExtensionFigure.IDLE, Machine.residentMegabytes(extension.process()));
            HttpLoad passed = reads(0);
            passed.count(REQUESTS);
            row.add(ExtensionFigure.BUSY, Machine.residentMegabytes(extension.process()));
            HttpLoad cached = reads(0, CACHE);
            OneProcessor together = OneProcessor.of(vault.process(), extension.process());
            try {
                measureCached(cached);
                measurePassed(passed);
            } finally {
                together.release();
            }
            measureMany(cached, passed);
        }
    }

    private void measureCached(HttpLoad cached) throws IOException, InterruptedException {
        cached.during(WARM_UP, 1);
        HttpLoad.Result one = cached.during(MEASURED, 1);
        row.add(ExtensionFigure.CACHED_RATE, one.perSecond());
        row.add(ExtensionFigure.CACHED_P50, one.p50());
        row.add(ExtensionFigure.CACHED_P99, one.p99());
    }

    private void measurePassed(HttpLoad passed) throws IOException, InterruptedException {
        vault.requests(); // so that it does not keep those of the round before
        passed.during(WARM_UP, 1);
        HttpLoad.Result one = passed.during(MEASURED, 1);
        row.add(ExtensionFigure.RATE, one.perSecond());
        row.add(ExtensionFigure.P50, one.p50());
        row.add(
                ExtensionFigure.OVERHEAD,
                LoadInTurn.of(VaultItself.reads(vault, 0), passed, MEASURED.multipliedBy(2))
                        .difference());
    }

    private void measureMany(HttpLoad cached, HttpLoad passed) throws IOException, InterruptedException {
        HttpLoad.Result many = cached.during(MEASURED, MANY);
        row.add(ExtensionFigure.CACHED_RATE_16, many.perSecond());
        row.add(ExtensionFigure.CACHED_P50_16, many.p50());
        row.add(ExtensionFigure.RATE_16, passed.during(MEASURED, MANY).perSecond());
    }

    /** A function that reads three secrets each time: with what the extension does by itself, and with values of at most a minute. */
    void measureRequests() throws IOException, InterruptedException, TimeoutException {
        row.add(ExtensionFigure.REQUESTS, requests(Map.of()));
        row.add(
                ExtensionFigure.CACHED_REQUESTS,
                requests(Map.of("VAULT_DEFAULT_CACHE_TTL", "60s", "VAULT_DEFAULT_CACHE_ENABLED", "true")));
    }

    private int requests(Map<String, String> freshness) throws IOException, InterruptedException, TimeoutException {
        vault.requests();
        try (RunningExtension extension = start(freshness)) {
            for (int i = 0; i < REQUESTS; i++) {
                extension.invoke();
                for (int secret = 0; secret < VaultProcess.SECRETS.size(); secret++) {
                    reads(secret).count(1);
                }
            }
        }
        return vault.requests();
    }

    private HttpLoad reads(int secret, String... headers) {
        return new HttpLoad(contender.port(), path(secret), headers);
    }

    static String path(int secret) {
        return "/v1/" + VaultProcess.SECRETS.get(secret);
    }

    private RunningExtension start(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> variables = vault.variables();
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        variables.putAll(contender.variables());
        variables.putAll(more);
        return RunningExtension.start(contender.command(), variables, log);
    }
}
