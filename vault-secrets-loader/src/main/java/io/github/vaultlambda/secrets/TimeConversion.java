package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times besides {@link Instant} and {@link java.time.Duration}, written as in ISO 8601; moments in a zone also as a number of
 * seconds. Apart from {@link SimpleConversion}, so that a read without them loads none of their classes.
 */
final class TimeConversion implements Conversion {
    private static final String PACKAGE = "java.time.";
    private static final Set<String> NAMES = Set.of(
            "LocalDate",
            "LocalTime",
            "LocalDateTime",
            "OffsetTime",
            "OffsetDateTime",
            "ZonedDateTime",
            "ZoneId",
            "ZoneOffset",
            "Period",
            "Year",
            "YearMonth",
            "MonthDay");

    private final String name;

    /** For a class that is known here. */
    private TimeConversion(String name) {
        this.name = name;
    }

    /** The conversion to this class; null when there is none here. */
    static @Nullable TimeConversion of(Class<?> type) {
        if (!type.getName().startsWith(PACKAGE)) {
            return null;
        }
        String name = type.getName().substring(PACKAGE.length());
        return NAMES.contains(name) ? new TimeConversion(name) : null;
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        Object time = null;
        if (SelectedField.isScalar(value)) {
            String text = value.reveal().strip();
            try {
                time = value.kind() == SecretValue.Kind.NUMBER ? ofNumber(text) : ofText(text);
            } catch (DateTimeException | NumberFormatException e) {
                // said below: the exception's own message quotes the text
            }
        }
        if (time == null) {
            throw new Misfit("is no " + name);
        }
        return time;
    }

    private @Nullable Object ofNumber(String text) {
        return switch (name) {
            case "OffsetDateTime" -> Instant.ofEpochSecond(Long.parseLong(text)).atOffset(ZoneOffset.UTC);
            case "ZonedDateTime" -> Instant.ofEpochSecond(Long.parseLong(text)).atZone(ZoneOffset.UTC);
            case "Year" -> Year.of(Integer.parseInt(text));
            default -> null;
        };
    }

    private @Nullable Object ofText(String text) {
        return switch (name) {
            case "LocalDate" -> LocalDate.parse(text);
            case "LocalTime" -> LocalTime.parse(text);
            case "LocalDateTime" -> LocalDateTime.parse(text);
            case "OffsetTime" -> OffsetTime.parse(text);
            case "OffsetDateTime" -> OffsetDateTime.parse(text);
            case "ZonedDateTime" -> ZonedDateTime.parse(text);
            case "ZoneId" -> ZoneId.of(text);
            case "ZoneOffset" -> ZoneOffset.of(text);
            case "Period" -> Period.parse(text);
            case "Year" -> Year.parse(text);
            case "YearMonth" -> YearMonth.parse(text);
            case "MonthDay" -> MonthDay.parse(text);
            default -> null;
        };
    }
}
