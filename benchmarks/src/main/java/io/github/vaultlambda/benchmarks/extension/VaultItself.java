package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.vault.VaultProcess;
import java.io.IOException;
import java.time.Duration;

/** The same reads without an extension: straight from Vault, with a token that somebody has fetched before. */
final class VaultItself {
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final VaultProcess vault;
    private final ExtensionRow row = new ExtensionRow("Vault itself");

    VaultItself(VaultProcess vault) {
        this.vault = vault;
    }

    ExtensionRow row() {
        return row;
    }

    /** Reads of this secret. */
    static HttpLoad reads(VaultProcess vault, int secret) {
        return new HttpLoad(vault.address().getPort(), ExtensionRounds.path(secret), "X-Vault-Token: " + vault.token());
    }

    /** Until it is compiled: all that are measured find it as quick. */
    void warmUp() throws IOException, InterruptedException {
        reads(vault, 0).during(WARM_UP, 1);
        reads(vault, 0).during(WARM_UP, ExtensionRounds.MANY);
    }

    /** For both tables of reads. */
    void measureReads() throws IOException, InterruptedException {
        vault.requests(); // so that it does not keep those of the round before
        HttpLoad reads = reads(vault, 0);
        HttpLoad.Result one = alone(reads);
        row.add(ExtensionFigure.CACHED_RATE, one.perSecond());
        row.add(ExtensionFigure.RATE, one.perSecond());
        row.add(ExtensionFigure.CACHED_P50, one.p50());
        row.add(ExtensionFigure.P50, one.p50());
        row.add(ExtensionFigure.CACHED_P99, one.p99());
        HttpLoad.Result many = reads.during(ExtensionRounds.MEASURED, ExtensionRounds.MANY);
        row.add(ExtensionFigure.CACHED_RATE_16, many.perSecond());
        row.add(ExtensionFigure.RATE_16, many.perSecond());
        row.add(ExtensionFigure.CACHED_P50_16, many.p50());
    }

    private HttpLoad.Result alone(HttpLoad reads) throws IOException, InterruptedException {
        OneProcessor together = OneProcessor.of(vault.process());
        try {
            return reads.during(ExtensionRounds.MEASURED, 1);
        } finally {
            together.release();
        }
    }

    /** A function that asks Vault each time. */
    void measureRequests() throws IOException, InterruptedException {
        vault.requests();
        for (int secret = 0; secret < VaultProcess.SECRETS.size(); secret++) {
            reads(vault, secret).count(ExtensionRounds.REQUESTS);
        }
        row.add(ExtensionFigure.REQUESTS, vault.requests());
    }
}
