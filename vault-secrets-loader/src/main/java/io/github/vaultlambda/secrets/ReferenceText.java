package io.github.vaultlambda.secrets;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The text form of a {@link SecretReference}. Read character by character: regular expressions and streams would cost a cold
 * start some milliseconds.
 */
final class ReferenceText {
    private ReferenceText() {}

    /** The reference; the message of an exception is half a sentence, without any value of a parameter. */
    static SecretReference parse(String reference) {
        String text = reference.strip();
        String field = null;
        int hash = text.indexOf('#');
        if (hash >= 0) {
            field = text.substring(hash + 1);
            text = text.substring(0, hash);
        }
        String query = null;
        int question = text.indexOf('?');
        if (question >= 0) {
            query = text.substring(question + 1);
            text = text.substring(0, question);
        }
        SecretReference.Builder builder = SecretReference.builder(text);
        if (field != null) {
            builder.field(field);
        }
        if (query != null) {
            parameters(builder, query);
        }
        return builder.build();
    }

    private static void parameters(SecretReference.Builder builder, String query) {
        boolean version = false;
        boolean kv = false;
        boolean wrapping = false;
        int start = 0;
        while (start <= query.length()) {
            int end = end(query, start);
            int equals = query.indexOf('=', start);
            if (equals <= start || equals > end) {
                throw new IllegalArgumentException("after ? come parameters such as version=3, with & between them");
            }
            String name = query.substring(start, equals);
            String value = query.substring(equals + 1, end);
            checkCharacters(name);
            switch (name) {
                case "version" -> {
                    once(version, name);
                    version = true;
                    builder.version(number(value));
                }
                case "kv" -> {
                    once(kv, name);
                    kv = true;
                    builder.kv(number(value));
                }
                case "wrap_ttl" -> {
                    once(wrapping, name);
                    wrapping = true;
                    builder.wrapTtl(duration(value));
                }
                default -> builder.parameter(name, decoded(name, value));
            }
            start = end + 1;
        }
    }

    private static int end(String query, int start) {
        int and = query.indexOf('&', start);
        return and < 0 ? query.length() : and;
    }

    private static void once(boolean before, String name) {
        if (before) {
            throw new IllegalArgumentException("the parameter " + name + " is there twice");
        }
    }

    /** Digits alone; 0, which nothing here may be, for everything else. */
    private static int number(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private static Duration duration(String text) {
        char unit = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        long seconds = unit == 'h' ? 3_600 : unit == 'm' ? 60 : 1;
        boolean hasUnit = unit == 'h' || unit == 'm' || unit == 's';
        long amount = number(hasUnit ? text.substring(0, text.length() - 1) : text) * seconds;
        if (amount == 0 || amount > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("wrap_ttl is a time such as 60s or 5m");
        }
        return Duration.ofSeconds(amount);
    }

    /** A path without the slashes and the {@code v1/} that do not belong to it. */
    static String path(String given) {
        String path = given.strip();
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new IllegalArgumentException("a path has neither ? nor #: parameters and field are given apart");
        }
        checkCharacters(path);
        if (path.startsWith("https://") || path.startsWith("http://")) {
            throw new IllegalArgumentException("it begins with an address, which VAULT_ADDR sets: leave it out");
        }
        if (path.startsWith("vault:")) {
            throw new IllegalArgumentException("vault: belongs before references in variables alone: leave it out");
        }
        path = withoutSpareSlashes(path);
        if (path.startsWith("v1/")) {
            path = path.substring("v1/".length());
        }
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the path of a secret is missing");
        }
        if (path.endsWith("/")) {
            throw new IllegalArgumentException("a path with a slash at its end is a folder");
        }
        if (hasDotSegment(path)) {
            throw new IllegalArgumentException("a path has no dot segments");
        }
        return path;
    }

    private static String withoutSpareSlashes(String path) {
        if (!path.startsWith("/") && path.indexOf("//") < 0) {
            return path;
        }
        StringBuilder clean = new StringBuilder(path.length());
        boolean slash = true; // so that leading ones are dropped
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || !slash) {
                clean.append(c);
            }
            slash = c == '/';
        }
        return clean.toString();
    }

    private static boolean hasDotSegment(String path) {
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            int length = end - start;
            if ((length == 1 || length == 2) && path.startsWith(length == 1 ? "." : "..", start)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    /** Refuses what would break a line of a log, and what has no UTF-8. */
    static void checkCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
                throw new IllegalArgumentException("there is a control character in it");
            }
            if (Character.isSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isSurrogatePair(c, text.charAt(i))) {
                    throw new IllegalArgumentException("there is half a character in it");
                }
            }
        }
    }

    private static String decoded(String name, String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] given = value.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(given.length);
        for (int i = 0; i < given.length; i++) {
            if (given[i] != '%') {
                bytes.write(given[i]);
                continue;
            }
            int high = i + 2 < given.length ? Character.digit((char) given[i + 1], 16) : -1;
            int low = i + 2 < given.length ? Character.digit((char) given[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw notEncoded(name);
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notEncoded(name);
        }
    }

    private static IllegalArgumentException notEncoded(String name) {
        return new IllegalArgumentException(
                "the value of the parameter " + name + " is not percent-encoded UTF-8 (a percent sign itself is %25)");
    }

    /** The text for a message: the values of parameters, which may be secrets, are left out. */
    static String shown(String reference) {
        int hash = reference.indexOf('#');
        int question = reference.indexOf('?');
        if (question < 0 || (hash >= 0 && hash < question)) {
            return printable(reference);
        }
        int stop = hash < 0 ? reference.length() : hash;
        StringBuilder text = new StringBuilder(reference.length()).append(reference, 0, question + 1);
        boolean value = false;
        int start = question + 1;
        for (int i = start; i < stop; i++) {
            char c = reference.charAt(i);
            if (c == '&') {
                value = false;
                start = i + 1;
                text.append(c);
            } else if (!value) {
                text.append(c);
                if (c == '=') {
                    value = true;
                    text.append(isKnown(reference.substring(start, i)) ? valueOf(reference, i + 1, stop) : "...");
                }
            }
        }
        return printable(text.append(reference, stop, reference.length()).toString());
    }

    private static boolean isKnown(String name) {
        return name.equals("version") || name.equals("kv") || name.equals("wrap_ttl");
    }

    private static String valueOf(String reference, int start, int stop) {
        int and = reference.indexOf('&', start);
        return reference.substring(start, and < 0 || and > stop ? stop : and);
    }

    /** On one line, whatever it is. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean breaks = c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
            line.append(breaks ? '?' : c);
        }
        return line.toString();
    }
}
