package io.github.vaultlambda.benchmarks.extension;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was measured of one extension, or of Vault itself: its row of each table. */
final class ExtensionRow {
    private final String name;
    private final Map<ExtensionFigure, List<Double>> figures = new EnumMap<>(ExtensionFigure.class);

    ExtensionRow(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void add(ExtensionFigure figure, double value) {
        figures.computeIfAbsent(figure, unused -> new ArrayList<>()).add(value);
    }

    /** The values of all rounds, in their order; empty for what was not measured. */
    double[] values(ExtensionFigure figure) {
        return figures.getOrDefault(figure, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
