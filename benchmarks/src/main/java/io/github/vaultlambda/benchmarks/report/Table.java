package io.github.vaultlambda.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Figures side by side: a row for each thing that is compared, a column for each figure of it, and beside each column its ratio to
 * the row that all are compared with. A figure that was measured several times is shown by its median with the quartiles. Not
 * thread-safe.
 */
public final class Table {
    /** One figure of each row; {@code compared} is whether a ratio of it says anything. */
    record Column(String title, String unit, boolean compared) {}

    /** One thing; for each column its runs, none where it has no such figure. */
    record Row(String label, List<double[]> runs) {}

    private final String title;
    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private @Nullable String base;

    private Table(String title) {
        this.title = title;
    }

    /** An empty table with this title. */
    public static Table titled(String title) {
        return new Table(title);
    }

    /** Adds a column whose figures are compared; the unit may be empty. */
    public Table column(String title, String unit) {
        columns.add(new Column(title, unit, true));
        return this;
    }

    /** Adds a column whose figures have no ratio that says anything, such as a difference or a share. */
    public Table plainColumn(String title, String unit) {
        columns.add(new Column(title, unit, false));
        return this;
    }

    /** Adds a row with one value for each column; NaN where there is none. */
    public Table row(String label, double... values) {
        double[][] runs = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            runs[i] = Double.isNaN(values[i]) ? new double[0] : new double[] {values[i]};
        }
        return rowOfRuns(label, runs);
    }

    /** Adds a row with all runs of each column, in their order; an empty array where there is none. */
    public Table rowOfRuns(String label, double[]... runs) {
        if (runs.length != columns.size()) {
            throw new IllegalArgumentException(
                    title + ": " + label + " has " + runs.length + " figures for " + columns.size() + " columns");
        }
        rows.add(new Row(label, Arrays.stream(runs).map(double[]::clone).toList()));
        return this;
    }

    /** Compares all rows with the one of this label. */
    public Table comparedWith(String label) {
        this.base = label;
        return this;
    }

    String title() {
        return title;
    }

    List<Column> columns() {
        return columns;
    }

    List<Row> rows() {
        return rows;
    }

    @Nullable
    String base() {
        return base;
    }

    /** What a figure is to that of the row all are compared with; NaN when there is none. */
    double ratio(Row row, int column) {
        if (base == null || !columns.get(column).compared()) {
            return Double.NaN;
        }
        for (Row other : rows) {
            if (other.label().equals(base)) {
                return median(row, column) / median(other, column);
            }
        }
        throw new IllegalStateException(title + ": there is no row " + base);
    }

    private static double median(Row row, int column) {
        double[] runs = row.runs().get(column);
        return runs.length == 0 ? Double.NaN : Spread.of(runs).median();
    }

    /** As lines of text, columns one below the other. */
    String text() {
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(base == null ? "" : "ratios to " + base));
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            head.add(column.unit().isEmpty() ? column.title() : column.title() + " " + column.unit());
            if (base != null && column.compared()) {
                head.add("ratio");
            }
        }
        lines.add(head);
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.label()));
            for (int i = 0; i < columns.size(); i++) {
                line.add(cell(row.runs().get(i)));
                if (base != null && columns.get(i).compared()) {
                    double ratio = ratio(row, i);
                    line.add(Double.isFinite(ratio) ? Numbers.ratio(ratio) : "-");
                }
            }
            lines.add(line);
        }
        int[] widths = new int[head.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(title).append('\n');
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                String format = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
                text.append(String.format(Locale.ROOT, format.replace("%-0s", "%s"), line.get(i)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String cell(double[] runs) {
        if (runs.length == 0) {
            return "-";
        }
        Spread spread = Spread.of(runs);
        return runs.length == 1
                ? Numbers.readable(spread.median())
                : Numbers.readable(spread.median()) + " (" + Numbers.readable(spread.lowerQuartile()) + " to "
                        + Numbers.readable(spread.upperQuartile()) + ")";
    }
}
