package io.github.vaultlambda.benchmarks.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The report of one benchmark: its tables are printed and, with the machine and its load before and after, go to
 * {@code <name>.json}; each chart goes to {@code <name>-<chart>.svg} beside it. The same figures give the same bytes, but for the
 * part that tells of the machine. Not thread-safe.
 *
 * <pre>{@code
 * Report report = Report.begin("first-use", "A fresh JVM reads one secret");
 * ...
 * report.add(Table.titled("...").column("start to value", "ms")...);
 * report.add(BarChart.titled("https", "...", "ms").bar("library", runs));
 * report.finish(System.out, Report.DOCUMENTS);
 * }</pre>
 */
public final class Report {
    /** Where the documentation keeps its figures, seen from the folder of this module, in which benchmarks run. */
    public static final Path DOCUMENTS = Path.of("..", "docs", "performance");

    private final String name;
    private final String title;
    private final Machine before;
    private final List<String> notes = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Chart> charts = new ArrayList<>();

    private Report(String name, String title, Machine before) {
        this.name = name;
        this.title = title;
        this.before = before;
    }

    /**
     * Begins a report: looks how busy the machine is.
     *
     * @param name of its files, such as {@code first-use}
     * @param title one line
     */
    public static Report begin(String name, String title) {
        return begin(name, title, Machine.now());
    }

    /** As {@link #begin(String, String)}, on this machine. */
    static Report begin(String name, String title, Machine before) {
        return new Report(name, title, before);
    }

    /** Adds a line on how the figures came about, such as flags, a seed or the command. */
    public Report note(String line) {
        notes.add(line);
        return this;
    }

    /** Adds a table. */
    public Report add(Table table) {
        tables.add(table);
        return this;
    }

    /** Adds a chart. */
    public Report add(Chart chart) {
        charts.add(chart);
        return this;
    }

    /** Prints the tables, and writes JSON and charts into this folder, which is made when it is not there. */
    public void finish(PrintStream out, Path folder) throws IOException {
        finish(out, folder, Machine.now(), Instant.now());
    }

    void finish(PrintStream out, Path folder, Machine after, Instant date) throws IOException {
        out.println();
        out.println(title);
        for (String note : notes) {
            out.println("  " + note);
        }
        for (Table table : tables) {
            out.println();
            out.print(table.text());
        }
        Files.createDirectories(folder);
        List<String> files = new ArrayList<>();
        for (Chart chart : charts) {
            String file = name + "-" + chart.name() + ".svg";
            Files.writeString(folder.resolve(file), chart.svg(), UTF_8);
            files.add(file);
        }
        Path json = folder.resolve(name + ".json");
        ReportJson.write(json, name, title, date.truncatedTo(ChronoUnit.SECONDS), before, after, notes, tables, files);
        out.println();
        out.println("All figures: " + json.toAbsolutePath().normalize());
    }
}
