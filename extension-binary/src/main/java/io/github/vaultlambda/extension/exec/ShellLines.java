package io.github.vaultlambda.extension.exec;

import java.util.Map;
import java.util.TreeMap;

/**
 * Variables on their way through a pipe into a shell that evaluates nothing: one line for each, {@code NAME=value}, in whose value a
 * line break is <code>\n</code> and a backslash <code>\\</code>, as a shell's {@code printf %b} reads them.
 */
public final class ShellLines {
    private ShellLines() {}

    /**
     * The lines of those variables that are others than before.
     *
     * @throws IllegalArgumentException when a shell cannot export a variable of that name, or would take its value for another
     */
    public static String of(Map<String, String> before, Map<String, String> after) {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> variable : new TreeMap<>(after).entrySet()) {
            if (!variable.getValue().equals(before.get(variable.getKey()))) {
                append(lines, variable.getKey(), variable.getValue());
            }
        }
        return lines.toString();
    }

    private static void append(StringBuilder lines, String name, String value) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a shell cannot export a variable named \"" + name + "\": use letters, digits and underscores");
        }
        lines.append(name).append('=');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> lines.append("\\\\");
                case '\n' -> lines.append("\\n");
                default -> lines.append(c);
            }
        }
        lines.append('\n');
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
