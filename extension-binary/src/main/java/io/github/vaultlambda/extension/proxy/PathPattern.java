package io.github.vaultlambda.extension.proxy;

/**
 * A path that may be asked for, written as in Vault's policies: {@code +} is one segment, {@code *} at the end is everything that
 * follows; elsewhere {@code *} is any part of one segment. Immutable and thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/policies#policy-syntax">Vault: policy syntax</a>
 */
final class PathPattern {
    private final String pattern;

    private PathPattern(String pattern) {
        this.pattern = pattern;
    }

    /** The pattern in a setting: below {@code /v1/} unless it begins with a slash. */
    static PathPattern of(String text) {
        return new PathPattern(text.startsWith("/") ? text : "/v1/" + text);
    }

    /** Whether this path, decoded, is one of these. */
    boolean matches(String path) {
        return matches(0, path, 0);
    }

    private boolean matches(int at, String path, int from) {
        int i = from;
        for (int p = at; p < pattern.length(); p++) {
            char c = pattern.charAt(p);
            if (c == '*') {
                if (p == pattern.length() - 1) {
                    return true;
                }
                for (int end = i; ; end++) {
                    if (matches(p + 1, path, end)) {
                        return true;
                    }
                    if (end >= path.length() || path.charAt(end) == '/') {
                        return false;
                    }
                }
            }
            if (c == '+' && isSegment(p)) {
                int end = path.indexOf('/', i);
                end = end < 0 ? path.length() : end;
                if (end == i) {
                    return false;
                }
                i = end;
            } else if (i < path.length() && path.charAt(i) == c) {
                i++;
            } else {
                return false;
            }
        }
        return i == path.length();
    }

    private boolean isSegment(int at) {
        return pattern.charAt(at - 1) == '/' && (at + 1 == pattern.length() || pattern.charAt(at + 1) == '/');
    }

    static String withoutSlashes(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == '/') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(start, end);
    }

    /** As it is matched, from {@code /v1/} on. */
    @Override
    public String toString() {
        return pattern;
    }
}
