package io.github.vaultlambda.testkit.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header lines in the order they came; names are compared without case. */
public final class HeaderList {
    /** One header line. */
    public record Line(String name, String value) {}

    private final List<Line> lines = new ArrayList<>();

    /** Adds a line. */
    public HeaderList add(String name, String value) {
        lines.add(new Line(name, value));
        return this;
    }

    /** The first value, or null. */
    public @Nullable String first(String name) {
        for (Line line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                return line.value();
            }
        }
        return null;
    }

    /** All values, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (Line line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                values.add(line.value());
            }
        }
        return values;
    }

    /** All lines, in order. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }
}
