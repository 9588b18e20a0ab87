package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request, converted as Vault's framework does. */
record Fields(Map<String, @Nullable Object> raw, String errorPrefix) {
    Fields(Map<String, @Nullable Object> raw) {
        this(raw, "Field validation failed: ");
    }

    static Fields of(Map<String, ?> raw) {
        return new Fields(new LinkedHashMap<>(raw));
    }

    boolean has(String name) {
        return raw.get(name) != null;
    }

    /** The fields, whose conversion errors read as in the check for existence that Vault does before a role's write. */
    Fields ofRole() {
        return new Fields(raw, "");
    }

    String text(String name) {
        Object value = raw.get(name);
        return value == null ? "" : value.toString();
    }

    boolean flag(String name, boolean fallback) throws VaultFailure {
        Object value = raw.get(name);
        if (value == null) {
            return fallback;
        }
        return switch (value.toString()) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False", "" -> false;
            default ->
                throw invalid(
                        name, "cannot parse '' as bool: strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
        };
    }

    int number(String name, int fallback) throws VaultFailure {
        Object value = raw.get(name);
        if (value == null) {
            return fallback;
        }
        try {
            return Integer.parseInt(value.toString());
        } catch (NumberFormatException e) {
            throw invalid(name, "cannot parse '' as int: strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }

    long seconds(String name, long fallback) throws VaultFailure {
        Object value = raw.get(name);
        if (value == null) {
            return fallback;
        }
        long seconds;
        try {
            seconds = GoDuration.seconds(value);
        } catch (NumberFormatException e) {
            throw invalid(name, "time: invalid duration \"" + value + "\"");
        }
        if (seconds < 0) {
            throw invalid(name, "cannot provide negative value '" + seconds + "'");
        }
        return seconds;
    }

    /** A list, or a text separated by commas. */
    List<String> texts(String name) {
        Object value = raw.get(name);
        List<String> list = new ArrayList<>();
        if (value instanceof List<?> items) {
            for (Object item : items) {
                if (item != null) {
                    list.add(item.toString().strip());
                }
            }
        } else if (value != null) {
            for (String part : value.toString().split(",", -1)) {
                if (!part.isBlank()) {
                    list.add(part.strip());
                }
            }
        }
        return list;
    }

    /** Numbers in a list, or in a text separated by commas. */
    List<Integer> numbers(String name) throws VaultFailure {
        List<Integer> numbers = new ArrayList<>();
        for (String text : texts(name)) {
            try {
                numbers.add(Integer.valueOf(text));
            } catch (NumberFormatException e) {
                throw invalid(name, "strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
            }
        }
        return numbers;
    }

    /** An object, or null. */
    @Nullable
    Map<String, @Nullable Object> map(String name) throws VaultFailure {
        Object value = raw.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?>)) {
            throw invalid(name, "'' expected a map, got 'string'");
        }
        return Json.object(value);
    }

    VaultFailure invalid(String name, String text) {
        return VaultFailure.bad(errorPrefix + "error converting input for field \"" + name + "\": " + text);
    }
}
