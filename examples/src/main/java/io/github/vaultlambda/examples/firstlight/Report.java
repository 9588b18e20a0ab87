package io.github.vaultlambda.examples.firstlight;

import java.io.PrintStream;
import java.util.Locale;

/** What the run prints: a line for each step, and a check for each promise. Used by one thread. */
final class Report {
    private final PrintStream out;
    private int failed;
    private int held;

    Report(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        out.printf("%n%s%n", text);
    }

    void line(String what, String value) {
        out.printf(Locale.ROOT, "  %-34s %s%n", what, value);
    }

    /** One promise, and whether it was kept. */
    boolean check(boolean kept, String promise) {
        if (kept) {
            held++;
        } else {
            failed++;
        }
        out.printf("  [%s] %s%n", kept ? "ok" : "FAILED", promise);
        return kept;
    }

    /** The last line; true when every check held. */
    boolean conclude() {
        out.printf(
                "%n%s: %d checks held, %d failed%n",
                failed == 0 ? "All of it held" : "NOT all of it held", held, failed);
        return failed == 0;
    }
}
