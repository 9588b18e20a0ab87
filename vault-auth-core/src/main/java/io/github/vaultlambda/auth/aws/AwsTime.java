package io.github.vaultlambda.auth.aws;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Moments as AWS writes them. By hand: the first use of the JDK's date formatters loads some hundred classes. */
final class AwsTime {
    private static final long SECONDS_PER_DAY = 86_400;

    private AwsTime() {}

    /** {@code 20260301T120000Z}: the form of {@code X-Amz-Date}, whose first eight characters are the day. */
    static String basic(Instant time) {
        long seconds = time.getEpochSecond();
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
        byte[] text = new byte[16];
        put(text, 0, day.getYear() / 100);
        put(text, 2, day.getYear() % 100);
        put(text, 4, day.getMonthValue());
        put(text, 6, day.getDayOfMonth());
        text[8] = 'T';
        put(text, 9, second / 3600);
        put(text, 11, second / 60 % 60);
        put(text, 13, second % 60);
        text[15] = 'Z';
        return new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void put(byte[] text, int at, int number) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
    }

    /** A moment such as {@code 2026-03-01T13:00:00Z}, with or without a fraction or another offset; null when it is none. */
    static @Nullable Instant parse(String text) {
        if (text.length() == 20
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && text.charAt(19) == 'Z') {
            int century = two(text, 0);
            int years = two(text, 2);
            int month = two(text, 5);
            int day = two(text, 8);
            int hour = two(text, 11);
            int minute = two(text, 14);
            int second = two(text, 17);
            if (century >= 0
                    && years >= 0
                    && month >= 1
                    && month <= 12
                    && day >= 1
                    && day <= 28 + (month == 2 ? 0 : 2)
                    && hour >= 0
                    && hour <= 23
                    && minute >= 0
                    && minute <= 59
                    && second >= 0
                    && second <= 59) {
                return Instant.ofEpochSecond(
                        LocalDate.of(century * 100 + years, month, day).toEpochDay() * SECONDS_PER_DAY
                                + hour * 3600L
                                + minute * 60L
                                + second);
            }
        }
        try {
            return Instant.parse(text); // the 29th of February, the 31st, fractions, offsets
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static int two(String text, int at) {
        int tens = text.charAt(at) - '0';
        int ones = text.charAt(at + 1) - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }
}
