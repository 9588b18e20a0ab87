package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.report.BarChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a report says of the extensions: four tables and three pictures. All ratios are to the peer; without one to Vault itself, or
 * where that has no such figure to the first of our own forms.
 */
final class ExtensionReport {
    private final List<ExtensionRow> extensions;
    private final ExtensionRow vaultItself;

    /** @param extensions one at least, the peer first if there is one */
    ExtensionReport(List<ExtensionRow> extensions, ExtensionRow vaultItself) {
        this.extensions = List.copyOf(extensions);
        this.vaultItself = vaultItself;
    }

    void addTo(Report report) {
        String first = extensions.get(0).name();
        boolean compared = first.equals(Contender.PEER_NAME);
        if (!compared) {
            report.note(Contender.PEER + " names no other extension: ratios are to " + vaultItself.name()
                    + ", and of the process to the " + first);
        }
        report.note("aim: with a cache, a tenth of the requests that another extension makes by default");
        for (ExtensionTable part : ExtensionTable.values()) {
            String aims = figures(part)
                    .filter(ExtensionFigure::hasAim)
                    .map(ExtensionFigure::aim)
                    .collect(Collectors.joining("; "));
            if (!aims.isEmpty()) {
                report.note("aims in proportion to another extension, \"" + part.title() + "\": " + aims);
            }
            report.add(table(part).comparedWith(compared || !part.isWithVaultItself() ? first : vaultItself.name()));
        }
        report.add(bars("start", "From the start of the process to its first event", ExtensionFigure.START))
                .add(bars("memory", "Resident memory after 1,000 reads", ExtensionFigure.BUSY))
                .add(reads());
    }

    private static Stream<ExtensionFigure> figures(ExtensionTable table) {
        return Stream.of(ExtensionFigure.values()).filter(figure -> figure.table() == table);
    }

    private Table table(ExtensionTable part) {
        Table table = Table.titled(part.title());
        figures(part).forEach(figure -> table.column(figure.title(), figure.unit()));
        List<ExtensionRow> rows = new ArrayList<>(extensions);
        if (part.isWithVaultItself()) {
            rows.add(vaultItself);
        }
        for (ExtensionRow row : rows) {
            table.rowOfRuns(row.name(), figures(part).map(row::values).toArray(double[][]::new));
        }
        return table;
    }

    private BarChart bars(String name, String title, ExtensionFigure figure) {
        BarChart chart = BarChart.titled(name, title, figure.unit());
        for (ExtensionRow extension : extensions) {
            chart.bar(extension.name(), extension.values(figure));
        }
        return chart;
    }

    private BarChart reads() {
        BarChart chart = BarChart.titled("reads", "One read on one connection, median", ExtensionFigure.P50.unit());
        for (ExtensionRow extension : extensions) {
            chart.bar(extension.name() + ", from its cache", extension.values(ExtensionFigure.CACHED_P50));
        }
        for (ExtensionRow extension : extensions) {
            chart.bar(extension.name() + ", through it", extension.values(ExtensionFigure.P50));
        }
        return chart.bar(vaultItself.name(), vaultItself.values(ExtensionFigure.P50));
    }
}
