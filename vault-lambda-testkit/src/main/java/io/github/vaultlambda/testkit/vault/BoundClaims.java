package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the claims of a JSON web token and compares them with a role's. */
final class BoundClaims {
    private BoundClaims() {}

    /** The claim of that name, or at that JSON pointer; null without. */
    static @Nullable Object claim(Map<String, @Nullable Object> claims, String name) {
        if (!name.startsWith("/")) {
            return claims.get(name);
        }
        Object value = claims;
        for (String part : name.substring(1).split("/", -1)) {
            String key = part.replace("~1", "/").replace("~0", "~");
            if (value instanceof Map<?, ?> map) {
                value = map.get(key);
            } else if (value instanceof List<?> list
                    && key.matches("\\d{1,6}")
                    && Integer.parseInt(key) < list.size()) {
                value = list.get(Integer.parseInt(key));
            } else {
                return null;
            }
        }
        return value;
    }

    /** What a token carries of the claims: {@code mappings} tells under which name. */
    static Map<String, String> metadata(Map<String, @Nullable Object> claims, Map<String, @Nullable Object> mappings)
            throws VaultFailure {
        Map<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, @Nullable Object> mapping : mappings.entrySet()) {
            Object value = claim(claims, mapping.getKey());
            if (value == null) {
                continue;
            }
            if (!(value instanceof String text)) {
                throw VaultFailure.bad("error converting claim '" + mapping.getKey() + "' to string");
            }
            metadata.put(String.valueOf(mapping.getValue()), text);
        }
        return metadata;
    }

    /** Refuses claims that are not as {@code bound} says: each name's value, or one of its values. */
    static void check(Map<String, @Nullable Object> claims, Map<String, @Nullable Object> bound, boolean globs)
            throws VaultFailure {
        for (Map.Entry<String, @Nullable Object> entry : bound.entrySet()) {
            Object actual = claim(claims, entry.getKey());
            String fault = null;
            if (actual == null) {
                fault = "claim \"" + entry.getKey() + "\" is missing";
            } else if (actual instanceof Map<?, ?>) {
                fault = "received claim is not a string, bool, int or list: " + actual;
            } else if (!matches(list(entry.getValue()), list(actual), globs)) {
                fault = "claim \"" + entry.getKey() + "\" does not match any associated bound claim values";
            }
            if (fault != null) {
                throw VaultFailure.bad("error validating claims: " + fault);
            }
        }
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    private static boolean matches(List<?> expected, List<?> actual, boolean globs) {
        for (Object wanted : expected) {
            for (Object given : actual) {
                boolean same = (globs && wanted instanceof String pattern && given instanceof String text)
                        ? glob(pattern, text)
                        : same(wanted, given);
                if (same) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean same(Object one, Object two) {
        if (one instanceof Number && two instanceof Number) {
            return one.toString().equals(two.toString());
        }
        return one.equals(two);
    }

    /** Whether a text fits a pattern with stars. */
    static boolean glob(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
    }
}
