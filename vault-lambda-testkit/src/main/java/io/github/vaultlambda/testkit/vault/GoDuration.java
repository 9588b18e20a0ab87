package io.github.vaultlambda.testkit.vault;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Vault reads and prints them. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h|d)");
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "ns",
            new BigDecimal("0.000000001"),
            "us",
            new BigDecimal("0.000001"),
            "µs",
            new BigDecimal("0.000001"),
            "ms",
            new BigDecimal("0.001"),
            "s",
            BigDecimal.ONE,
            "m",
            BigDecimal.valueOf(60),
            "h",
            BigDecimal.valueOf(3600),
            "d",
            BigDecimal.valueOf(86400));

    private GoDuration() {}

    /** Whole seconds of a number of seconds or of {@code 1h30m}; throws {@link NumberFormatException} for the rest. */
    static long seconds(Object value) {
        String text = value.toString().strip();
        if (text.isEmpty()) {
            return 0;
        }
        if (value instanceof Number || text.matches("-?\\d+")) {
            return new BigDecimal(text).longValue();
        }
        String rest = text.startsWith("-") ? text.substring(1) : text;
        BigDecimal sum = BigDecimal.ZERO;
        Matcher matcher = PART.matcher(rest);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            BigDecimal unit = UNITS.getOrDefault(matcher.group(2), BigDecimal.ZERO);
            sum = sum.add(new BigDecimal("0" + matcher.group(1)).multiply(unit));
            end = matcher.end();
        }
        if (end != rest.length()) {
            throw new NumberFormatException("time: invalid duration \"" + text + "\"");
        }
        return text.startsWith("-") ? -sum.longValue() : sum.longValue();
    }

    /** {@code 1m40s}, without units that are zero at the end. */
    static String text(long seconds) {
        if (seconds == 0) {
            return "0s";
        }
        long hours = seconds / 3600;
        long minutes = seconds % 3600 / 60;
        long rest = seconds % 60;
        StringBuilder out = new StringBuilder();
        if (hours > 0) {
            out.append(hours).append('h');
        }
        if (minutes > 0) {
            out.append(minutes).append('m');
        }
        if (rest > 0) {
            out.append(rest).append('s');
        }
        return out.toString();
    }
}
