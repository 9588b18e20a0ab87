package io.github.vaultlambda.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Bars one below the other, the shorter the better; of several runs the median, with the quartiles as a thin line. */
public final class BarChart implements Chart {
    private static final int WIDTH = 760;
    private static final int LEFT = 230;
    private static final int RIGHT = WIDTH - 90;
    private static final int TOP = 40;
    private static final int BAR = 26;

    private record Bar(String label, Spread spread) {}

    private final String name;
    private final String title;
    private final String unit;
    private final List<Bar> bars = new ArrayList<>();

    private BarChart(String name, String title, String unit) {
        this.name = name;
        this.title = title;
        this.unit = unit;
    }

    /** A chart without bars. */
    public static BarChart titled(String name, String title, String unit) {
        return new BarChart(name, title, unit);
    }

    /** Adds a bar for these runs, of which there is one at least. */
    public BarChart bar(String label, double... runs) {
        bars.add(new Bar(label, Spread.of(runs)));
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String svg() {
        double largest = 0;
        for (Bar bar : bars) {
            largest = Math.max(largest, bar.spread().upperQuartile());
        }
        int bottom = TOP + BAR * bars.size();
        Axis axis = Axis.of(LEFT, RIGHT, largest);
        Svg svg = new Svg(WIDTH, bottom + 40, title);
        for (int i = 0; i <= axis.marks(); i++) {
            double x = axis.at(i * axis.step());
            svg.line(x, TOP, x, bottom, "#ddd");
            svg.text(x, bottom + 16, "middle", Numbers.readable(i * axis.step()));
        }
        svg.text(RIGHT, bottom + 32, "end", unit);
        for (int i = 0; i < bars.size(); i++) {
            Spread spread = bars.get(i).spread();
            double y = TOP + BAR * i;
            svg.text(LEFT - 8, y + 17, "end", bars.get(i).label());
            svg.rectangle(LEFT, y + 4, axis.at(spread.median()) - LEFT, BAR - 8, Svg.colour(0));
            double end = axis.at(spread.median());
            if (spread.upperQuartile() > spread.lowerQuartile()) {
                end = Math.max(end, axis.at(spread.upperQuartile()));
                svg.line(axis.at(spread.lowerQuartile()), y + BAR / 2.0, end, y + BAR / 2.0, "#000");
            }
            svg.text(end + 6, y + 17, "start", Numbers.readable(spread.median()));
        }
        return svg.end();
    }
}
