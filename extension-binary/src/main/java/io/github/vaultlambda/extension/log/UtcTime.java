package io.github.vaultlambda.extension.log;

import java.time.LocalDate;

/** Moments as they stand in the log. By hand: the first use of the JDK's date formatters loads some hundred classes. */
final class UtcTime {
    private static final int MILLIS_PER_DAY = 86_400_000;

    private UtcTime() {}

    /** {@code 2026-03-01T12:00:00.000Z}. */
    static String of(long epochMillis) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(epochMillis, MILLIS_PER_DAY));
        int millis = (int) Math.floorMod(epochMillis, (long) MILLIS_PER_DAY);
        StringBuilder text = new StringBuilder(24);
        digits(text, day.getYear(), 1000);
        digits(text.append('-'), day.getMonthValue(), 10);
        digits(text.append('-'), day.getDayOfMonth(), 10);
        digits(text.append('T'), millis / 3_600_000, 10);
        digits(text.append(':'), millis / 60_000 % 60, 10);
        digits(text.append(':'), millis / 1000 % 60, 10);
        digits(text.append('.'), millis % 1000, 100);
        return text.append('Z').toString();
    }

    private static void digits(StringBuilder text, int number, int highest) {
        for (int place = highest; place > 0; place /= 10) {
            text.append((char) ('0' + number / place % 10));
        }
    }
}
