package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.report.Spread;
import io.github.vaultlambda.benchmarks.vault.VaultProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/**
 * The packaged extension in its forms, beside a peer if there is one: start, memory, size, speed of the proxy, and how often Vault is
 * asked. All in one run, with the same Vault, in turn, so that whatever else the machine does hits all alike.
 */
public final class ExtensionComparison {
    private static final int TITLE = 52;
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

    /** Measures, and prints the tables. */
    public void run() throws IOException, InterruptedException, TimeoutException {
        List<Contender> contenders = Contender.all(System.getenv(Contender.PEER));
        if (contenders.isEmpty()) {
            throw new IOException("nothing of the extension is built: run it as benchmarks/README.md says");
        }
        try (VaultProcess vault = new VaultProcess()) {
            List<ExtensionRounds> all = new ArrayList<>();
            for (Contender contender : contenders) {
                ExtensionRounds rounds = new ExtensionRounds(contender, vault);
                rounds.warmUp();
                all.add(rounds);
            }
            for (int i = 0; i < runs; i++) {
                for (ExtensionRounds rounds : all) {
                    rounds.measureStart();
                }
                if (i % STARTS_PER_ROUND == 0) {
                    for (ExtensionRounds rounds : all) {
                        rounds.measureProxy();
                    }
                }
            }
            for (ExtensionRounds rounds : all) {
                rounds.measureRequests();
            }
            print(all);
        }
    }

    private void print(List<ExtensionRounds> all) {
        out.printf(
                "%nThe extension: median (least to most) of %d starts, and of a third as many rounds for the rest%n",
                runs);
        out.printf("%-" + TITLE + "s", "");
        all.forEach(rounds -> out.printf(" %26s", rounds.contender().name()));
        out.println();
        for (ExtensionFigure figure : ExtensionFigure.values()) {
            out.printf("%-" + TITLE + "s", figure.title());
            for (ExtensionRounds rounds : all) {
                out.printf(" %26s", text(rounds.values(figure)));
            }
            out.println();
        }
        ExtensionRounds first = all.get(0);
        if (first.contender().name().equals("peer")) {
            ratios(first, all.subList(1, all.size()));
        } else {
            out.println(Contender.PEER + " is not set: nothing to compare with");
        }
    }

    private void ratios(ExtensionRounds peer, List<ExtensionRounds> ours) {
        for (ExtensionFigure figure : ExtensionFigure.values()) {
            String target =
                    Double.isNaN(figure.target()) ? "" : String.format(Locale.ROOT, " (aim %.1f)", figure.target());
            out.printf("%-" + TITLE + "s", "ratio: " + figure.name().toLowerCase(Locale.ROOT) + target);
            out.printf(" %26s", "1");
            for (ExtensionRounds rounds : ours) {
                out.printf(Locale.ROOT, " %26.2f", median(rounds.values(figure)) / median(peer.values(figure)));
            }
            out.println();
        }
    }

    private static String text(List<Double> values) {
        Spread spread = spread(values);
        String format = spread.max() < 100 ? "%,.1f" : "%,.0f";
        String median = String.format(Locale.ROOT, format, spread.median());
        return spread.min() == spread.max()
                ? median
                : String.format(
                        Locale.ROOT, "%s (" + format + " to " + format + ")", median, spread.min(), spread.max());
    }

    private static double median(List<Double> values) {
        return spread(values).median();
    }

    private static Spread spread(List<Double> values) {
        return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
