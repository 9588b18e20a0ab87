package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.benchmarks.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the first secret costs in a fresh JVM: the library, the same two requests written by hand, and peers. The programs take
 * turns, so that whatever else the machine does hits all alike.
 */
final class FirstUse {
    private static final Path RESULT = Path.of("target", "benchmarks", "first-use.json");

    private final PrintStream out;
    private final int runs;

    FirstUse(PrintStream out, int runs) {
        this.out = out;
        this.runs = runs;
    }

    void run() throws IOException, InterruptedException, GeneralSecurityException {
        Machine before = Machine.now();
        List<Scene> scenes = new ArrayList<>();
        try {
            for (Connection connection : Connection.values()) {
                Scene scene = new Scene(connection);
                scenes.add(scene);
                scene.warmUp();
            }
            for (int i = 0; i < runs; i++) {
                for (Scene scene : scenes) {
                    scene.runEachOnce();
                }
            }
        } finally {
            for (Scene scene : scenes) {
                scene.close();
            }
        }
        out.printf("%nFirst use: a fresh JVM reads one secret; %d runs each, in turn, %s%n", runs, FreshJvm.flags());
        for (Scene scene : scenes) {
            new FirstUseTable(out, scene).print();
        }
        List<Parts> parts = new ArrayList<>();
        for (Connection connection : Connection.values()) {
            parts.add(Parts.measure(connection, runs));
        }
        for (Parts one : parts) {
            one.print(out);
        }
        FirstUseJson.write(RESULT, before, Machine.now(), runs, scenes, parts);
        out.println("\nAll figures: " + RESULT.toAbsolutePath());
    }
}
