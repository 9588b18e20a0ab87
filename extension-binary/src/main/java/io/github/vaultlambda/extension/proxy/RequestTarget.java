package io.github.vaultlambda.extension.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request leads: path and query as the client sent them, and the host if it named one. A path that would mean another one
 * after cleaning ({@code //}, {@code /./}, {@code /../}) is redirected to that one, so that none can leave the path of Vault's
 * address; one that hides such a step behind an encoded slash is refused.
 *
 * @param authority the host of a target in the absolute form, or null
 * @param path not decoded; begins with a slash
 * @param query with its question mark, or empty
 */
record RequestTarget(@Nullable String authority, String path, String query) {
    /** Those of a URI in which java.net.URI would not find them: clients send them all the same. */
    private static final String NOT_IN_URI = "\"<>\\^`{|}";

    private static final String HEX = "0123456789ABCDEF";

    /**
     * Reads the target of a request line.
     *
     * @throws Refusal when the path is to be asked for in another way, or not at all
     */
    static RequestTarget of(String target) throws Refusal {
        String authority = null;
        String rest = target;
        int scheme = lengthOfScheme(target);
        if (scheme > 0) {
            int end = scheme;
            while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
                end++;
            }
            authority = target.substring(scheme, end);
            rest = target.substring(end);
            rest = rest.startsWith("/") ? rest : "/" + rest;
        }
        if (!rest.startsWith("/") || rest.indexOf('#') >= 0) {
            throw Refusal.of(400, "refused: not a request target that leads to Vault");
        }
        int mark = rest.indexOf('?');
        String path = legal(mark < 0 ? rest : rest.substring(0, mark), false);
        String query = mark < 0 ? "" : legal(rest.substring(mark), true);
        if (path.indexOf("//") >= 0 || path.indexOf('.') >= 0 || path.indexOf('%') >= 0) {
            String clean = clean(path);
            if (!clean.equals(path)) {
                throw Refusal.redirect(clean + query);
            }
            if (hidesStep(path)) {
                throw Refusal.of(400, "refused: the path has an encoded slash beside . or ..");
            }
        }
        return new RequestTarget(authority, path, query);
    }

    /** Path and query. */
    String text() {
        return path + query;
    }

    /** The path as Vault reads it; wrong escapes do not get here. */
    String decodedPath() {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder plain = new StringBuilder(path.length()); // bytes as characters: compared with the same
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(path.substring(i + 1, i + 3), 16);
                i += 2;
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static int lengthOfScheme(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
    }

    private static String legal(String text, boolean query) throws Refusal {
        StringBuilder changed = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw Refusal.of(400, "refused: the path has characters that must be percent-encoded");
            }
            boolean wrongEscape = c == '%' && !isEscape(text, i);
            if (wrongEscape && !query) {
                throw Refusal.of(400, "refused: the path has a % without two hexadecimal digits behind it");
            }
            boolean encode = wrongEscape || NOT_IN_URI.indexOf(c) >= 0 || (!query && (c == '[' || c == ']'));
            if (encode && changed == null) {
                changed = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (changed != null && encode) {
                changed.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else if (changed != null) {
                changed.append(c);
            }
        }
        return changed == null ? text : changed.toString();
    }

    private static boolean isEscape(String text, int at) {
        return at + 2 < text.length()
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && Character.digit(text.charAt(at + 2), 16) >= 0;
    }

    private static String clean(String path) {
        List<String> kept = new ArrayList<>();
        boolean endsInSlash = false;
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String segment = path.substring(start, end);
            String plain = withDots(segment);
            endsInSlash = plain.isEmpty() || plain.equals(".") || plain.equals("..");
            if (!endsInSlash) {
                kept.add(segment);
            } else if (plain.equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            start = end + 1;
        }
        return "/" + String.join("/", kept) + (endsInSlash && !kept.isEmpty() ? "/" : "");
    }

    private static boolean hidesStep(String path) {
        String plain = withDots(path).toLowerCase(Locale.ROOT).replace("%2f", "/");
        plain = plain.replace("%5c", "/").replace('\\', '/') + "/";
        return plain.contains("/./") || plain.contains("/../");
    }

    private static String withDots(String text) {
        return text.indexOf('%') < 0 ? text : text.replace("%2e", ".").replace("%2E", ".");
    }
}
