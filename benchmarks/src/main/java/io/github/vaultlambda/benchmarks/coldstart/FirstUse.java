package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.vault.Connection;
import java.io.IOException;
import java.io.PrintStream;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the first secret costs in a fresh JVM: the library, the same two requests written by hand, and peers. The programs take
 * turns, so that whatever else the machine does hits all alike.
 */
public final class FirstUse {
    private final PrintStream out;
    private final int runs;

    /**
     * Of this many runs.
     *
     * @param out where the report is printed
     */
    public FirstUse(PrintStream out, int runs) {
        this.out = out;
        this.runs = runs;
    }

    /** Measures, prints the tables and writes them into the documentation. */
    public void run() throws IOException, InterruptedException, GeneralSecurityException {
        Report report = Report.begin("first-use", "A fresh JVM logs in and reads one secret")
                .note(runs + " runs each, in turn; " + FreshJvm.flags() + "; -Dbenchmark=first-use")
                .note(
                        "aims for \"start to value\", in proportion to the hand-written: the library 1.1, handlers 1.2, all"
                                + " below every peer");
        try (ProcessorLimit limit = limit(report)) {
            List<Scene> scenes = new ArrayList<>();
            try {
                for (Connection connection : Connection.values()) {
                    scenes.add(new Scene(connection, Setting.ARCHIVE, null));
                }
                scenes.add(new Scene(Connection.TLS, Setting.NO_ARCHIVE, null));
                if (limit != null) {
                    scenes.add(new Scene(Connection.TLS, Setting.SMALL, limit));
                }
                measure(scenes);
            } finally {
                for (Scene scene : scenes) {
                    scene.close();
                }
            }
            for (Scene scene : scenes) {
                new SceneReport(scene).addTo(report);
            }
        }
        report.finish(out, Report.DOCUMENTS);
    }

    private @Nullable ProcessorLimit limit(Report report) {
        try {
            ProcessorLimit limit = ProcessorLimit.of(Setting.SMALL_SHARE);
            report.note(runsWithin(Setting.SMALL) + " runs " + Setting.SMALL.title());
            return limit;
        } catch (IOException e) {
            report.note("not measured " + Setting.SMALL.title() + ": " + e.getMessage());
            return null;
        }
    }

    private void measure(List<Scene> scenes) throws IOException, InterruptedException, GeneralSecurityException {
        for (Scene scene : scenes) {
            scene.warmUp();
        }
        for (int i = 0; i < runs; i++) {
            for (Scene scene : scenes) {
                if (i < runsWithin(scene.setting())) {
                    scene.runEachOnce();
                }
            }
        }
    }

    /** One within a small share of a processor takes ten times as long, and differs less from the next. */
    private int runsWithin(Setting setting) {
        return setting == Setting.SMALL ? Math.min(runs, Math.max(3, runs / 3)) : runs;
    }
}
