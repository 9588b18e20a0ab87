package io.github.vaultlambda.config;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Durations in the notation of Go, which Vault's tools use for their settings: an optional sign, then one or more decimal
 * numbers, each with a unit ({@code ns us µs ms s m h}), such as {@code 10s}, {@code 1h30m}, {@code 1.5h}. A bare {@code 0}
 * is the only number without a unit.
 *
 * @see <a href="https://pkg.go.dev/time#ParseDuration">time.ParseDuration</a>
 */
final class GoDuration {
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** The duration, or null where the text is none. */
    static @Nullable Duration parse(String text) {
        int at = 0;
        boolean negative = false;
        if (!text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            negative = text.charAt(0) == '-';
            at = 1;
        }
        String rest = text.substring(at);
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty()) {
            return null;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        at = 0;
        while (at < rest.length()) {
            int numberEnd = at;
            int digits = 0;
            int points = 0;
            while (numberEnd < rest.length() && (isDigit(rest.charAt(numberEnd)) || rest.charAt(numberEnd) == '.')) {
                if (rest.charAt(numberEnd) == '.') {
                    points++;
                } else {
                    digits++;
                }
                numberEnd++;
            }
            int unitEnd = numberEnd;
            while (unitEnd < rest.length() && !isDigit(rest.charAt(unitEnd)) && rest.charAt(unitEnd) != '.') {
                unitEnd++;
            }
            long unit = nanosOf(rest.substring(numberEnd, unitEnd));
            if (digits == 0 || points > 1 || unit == 0) {
                return null;
            }
            String number = rest.substring(at, numberEnd);
            nanos = nanos.add(
                    new BigDecimal(number.startsWith(".") ? "0" + number : number + (number.endsWith(".") ? "0" : ""))
                            .multiply(BigDecimal.valueOf(unit)));
            at = unitEnd;
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            return null;
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs", "μs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0L;
        };
    }
}
