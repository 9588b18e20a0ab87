package io.github.vaultlambda.http;

/** The character rules of HTTP (RFC 9110, section 5). */
final class Syntax {
    private Syntax() {}

    /** Whether the first characters, at least one, may be a method or the name of a header. */
    static boolean isToken(String text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return length > 0;
    }

    /** Whether the text may be the value of a header: no control characters, nothing beyond Latin-1. */
    static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text may be the target of a request. */
    static boolean isTarget(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** The text without the blanks of HTTP around it: {@link String#strip} takes more for blanks than other readers do. */
    static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a list with commas has this entry, in any case of letters. */
    static boolean listHas(String list, String entry) {
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            if (trimmed(list.substring(start, end)).equalsIgnoreCase(entry)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }
}
