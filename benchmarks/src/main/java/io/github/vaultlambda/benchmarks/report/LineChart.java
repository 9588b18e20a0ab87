package io.github.vaultlambda.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Lines over an axis of seconds or the like, one for each thing that is compared. */
public final class LineChart implements Chart {
    private static final int WIDTH = 760;
    private static final int LEFT = 70;
    private static final int RIGHT = WIDTH - 20;
    private static final int TOP = 62;
    private static final int BOTTOM = 320;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Line(String label, double[] x, double[] y) {}

    private final String name;
    private final String title;
    private final String xUnit;
    private final String yUnit;
    private final List<Line> lines = new ArrayList<>();

    private LineChart(String name, String title, String xUnit, String yUnit) {
        this.name = name;
        this.title = title;
        this.xUnit = xUnit;
        this.yUnit = yUnit;
    }

    /** A chart without lines. */
    public static LineChart titled(String name, String title, String xUnit, String yUnit) {
        return new LineChart(name, title, xUnit, yUnit);
    }

    /** Adds a line through these points, none of which is below zero. */
    public LineChart line(String label, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(label + " has " + x.length + " x for " + y.length + " y");
        }
        lines.add(new Line(label, x.clone(), y.clone()));
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String svg() {
        Axis across = Axis.of(LEFT, RIGHT, largest(true));
        Axis up = Axis.of(BOTTOM, TOP, largest(false));
        Svg svg = new Svg(WIDTH, BOTTOM + 44, title);
        for (int i = 0; i <= up.marks(); i++) {
            double y = up.at(i * up.step());
            svg.line(LEFT, y, RIGHT, y, "#ddd");
            svg.text(LEFT - 6, y + 4, "end", Numbers.readable(i * up.step()));
        }
        for (int i = 0; i <= across.marks(); i++) {
            double x = across.at(i * across.step());
            svg.line(x, BOTTOM, x, BOTTOM + 4, "#333");
            svg.text(x, BOTTOM + 18, "middle", Numbers.readable(i * across.step()));
        }
        svg.text(RIGHT, BOTTOM + 36, "end", xUnit);
        svg.text(16, TOP - 22, "start", yUnit);
        double legend = RIGHT;
        for (int i = lines.size() - 1; i >= 0; i--) {
            Line line = lines.get(i);
            legend -= line.label().length() * 7 + 30;
            svg.rectangle(legend, TOP - 29, 18, 4, Svg.colour(i));
            svg.text(legend + 23, TOP - 22, "start", line.label());
        }
        for (int i = lines.size() - 1; i >= 0; i--) { // the first one on top
            Line line = lines.get(i);
            double[] points = new double[2 * line.x().length];
            for (int j = 0; j < line.x().length; j++) {
                points[2 * j] = across.at(line.x()[j]);
                points[2 * j + 1] = up.at(line.y()[j]);
            }
            svg.path(points, Svg.colour(i));
        }
        return svg.end();
    }

    private double largest(boolean ofX) {
        double largest = 0;
        for (Line line : lines) {
            for (double value : ofX ? line.x() : line.y()) {
                largest = Math.max(largest, value);
            }
        }
        return largest;
    }
}
