package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.vault.VaultProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The packaged extension in its forms, beside a peer if there is one: start, memory, size, speed of the proxy, and how often Vault is
 * asked. All in one run, with the same Vault, in turn, so that whatever else the machine does hits all alike.
 */
public final class ExtensionComparison {
    private static final Path BUILT = Path.of("..", "extension-binary", "target");
    /** Rounds of the long measurements, for so many starts. */
    private static final int STARTS_PER_ROUND = 3;

    private final PrintStream out;
    private final int runs;

    /**
     * Of this many starts.
     *
     * @param out where the report is printed
     */
    public ExtensionComparison(PrintStream out, int runs) {
        this.out = out;
        this.runs = runs;
    }

    /** Measures, prints the tables and writes them into the documentation. */
    public void run() throws IOException, InterruptedException, TimeoutException {
        List<Contender> contenders = Contender.all(System.getenv(Contender.PEER), BUILT);
        if (contenders.isEmpty()) {
            throw new IOException("nothing of the extension is built: run it as benchmarks/README.md says");
        }
        Report report = Report.begin("extension", "The packaged extension")
                .note(runs + " starts each, in turn, and reads after each third of them; -Dbenchmark=extension");
        report.note(
                OneProcessor.isPossible()
                        ? "reads on 1 connection: client, extension and Vault on one processor"
                        : "without taskset, so reads on 1 connection take what the choice of processors makes of them");
        try (VaultProcess vault = new VaultProcess()) {
            VaultItself direct = new VaultItself(vault);
            List<ExtensionRounds> all = new ArrayList<>();
            for (Contender contender : contenders) {
                all.add(new ExtensionRounds(contender, vault));
            }
            measure(direct, all);
            new ExtensionReport(all.stream().map(ExtensionRounds::row).toList(), direct.row()).addTo(report);
        }
        report.finish(out, Report.DOCUMENTS);
    }

    private void measure(VaultItself direct, List<ExtensionRounds> all)
            throws IOException, InterruptedException, TimeoutException {
        direct.warmUp();
        for (ExtensionRounds rounds : all) {
            rounds.warmUp();
        }
        for (int i = 0; i < runs; i++) {
            for (ExtensionRounds rounds : all) {
                rounds.measureStart();
            }
            if (i % STARTS_PER_ROUND == 0) {
                direct.measureReads();
                for (ExtensionRounds rounds : all) {
                    rounds.measureProxy();
                }
            }
        }
        direct.measureRequests();
        for (ExtensionRounds rounds : all) {
            rounds.measureRequests();
        }
    }
}
