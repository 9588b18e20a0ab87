package io.github.vaultlambda.extension.proxy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The path and query of a request, exactly as the client sent them. A path that would mean another one after cleaning
 * ({@code //}, {@code /./}, {@code /../}) is redirected to that one, so that none can leave the path of Vault's address; one
 * that hides such a step behind an encoded slash is refused.
 */
final class RequestTarget {
    private static final Pattern ENCODED_DOT = Pattern.compile("%2[eE]");
    private static final Pattern SLASH = Pattern.compile("/|\\\\|%2f|%5c");

    private RequestTarget() {}

    /**
     * Path and query, not decoded; begins with a slash.
     *
     * @throws Refusal when the path is to be asked for in another way, or not at all
     */
    static String of(URI uri) throws Refusal {
        String text = originForm(uri);
        if (uri.isOpaque() || uri.getRawFragment() != null || !text.startsWith("/")) {
            throw Refusal.of(400, "refused: not a request target that leads to Vault");
        }
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        String query = mark < 0 ? "" : text.substring(mark);
        String clean = clean(path);
        if (!clean.equals(path)) {
            throw Refusal.redirect(clean + query);
        }
        if (hidesStep(path)) {
            throw Refusal.of(400, "refused: the path has an encoded slash beside . or ..");
        }
        return text;
    }

    /** From the text, not from the URI's parts: {@code //v1/x} would parse as a host. */
    private static String originForm(URI uri) {
        String text = uri.toString();
        if (!uri.isAbsolute() || uri.isOpaque()) {
            return text;
        }
        String authority = uri.getRawAuthority();
        int start = text.indexOf(':') + 1 + (authority == null ? 0 : 2 + authority.length());
        String rest = text.substring(start);
        return rest.startsWith("?") ? "/" + rest : rest;
    }

    private static String clean(String path) {
        String[] segments = path.split("/", -1);
        List<String> kept = new ArrayList<>();
        boolean endsInSlash = false;
        for (int i = 1; i < segments.length; i++) { // what is before the first slash is empty
            String plain = ENCODED_DOT.matcher(segments[i]).replaceAll(".");
            endsInSlash = plain.isEmpty() || plain.equals(".") || plain.equals("..");
            if (!endsInSlash) {
                kept.add(segments[i]);
            } else if (plain.equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
        }
        return "/" + String.join("/", kept) + (endsInSlash && !kept.isEmpty() ? "/" : "");
    }

    private static boolean hidesStep(String path) {
        String plain = ENCODED_DOT.matcher(path).replaceAll(".").toLowerCase(Locale.ROOT);
        for (String segment : SLASH.split(plain, -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }
}
