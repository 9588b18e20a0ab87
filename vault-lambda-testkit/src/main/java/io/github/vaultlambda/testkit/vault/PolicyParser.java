package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the part of HCL that policies are written in. Attributes other than capabilities and the times of wrapping are
 * accepted and ignored.
 */
final class PolicyParser {
    private static final Set<String> CAPABILITIES =
            Set.of("create", "read", "update", "delete", "list", "patch", "sudo", "deny", "recover", "subscribe");

    private final String text;
    private int at;
    private String token = "";
    private boolean quoted;

    private PolicyParser(String text) {
        this.text = text;
    }

    static Policy parse(String name, String text) throws VaultFailure {
        PolicyParser parser = new PolicyParser(text);
        List<Policy.Rule> rules = new ArrayList<>();
        parser.next();
        while (!parser.end()) {
            if (!parser.quoted && parser.token.equals("path")) {
                rules.add(parser.rule());
            } else {
                parser.attribute();
            }
        }
        return new Policy(name, text, List.copyOf(rules));
    }

    private Policy.Rule rule() throws VaultFailure {
        next();
        if (!quoted) {
            throw wrong("expected a quoted path");
        }
        String path = token.startsWith("/") ? token.substring(1) : token;
        next();
        if (is("=")) {
            next();
        }
        expect("{");
        Set<String> capabilities = new LinkedHashSet<>();
        long minWrap = 0;
        long maxWrap = 0;
        while (!is("}")) {
            if (end()) {
                throw wrong("object expected closing RBRACE got: EOF");
            }
            if (token.equals("capabilities")) {
                next();
                expect("=");
                for (String capability : list()) {
                    if (!CAPABILITIES.contains(capability)) {
                        throw VaultFailure.bad("failed to parse policy: path \"" + path + "\": invalid capability \""
                                + capability + "\"");
                    }
                    capabilities.add(capability);
                }
            } else if (token.equals("min_wrapping_ttl")) {
                minWrap = seconds("min_wrapping_ttl");
            } else if (token.equals("max_wrapping_ttl")) {
                maxWrap = seconds("max_wrapping_ttl");
            } else {
                attribute();
            }
        }
        next();
        if (maxWrap != 0 && maxWrap < minWrap) {
            throw VaultFailure.bad("failed to parse policy: max_wrapping_ttl cannot be less than min_wrapping_ttl");
        }
        int star = path.indexOf('*');
        if ((star >= 0 && star != path.length() - 1) || path.contains("+*")) {
            throw VaultFailure.bad(
                    "failed to parse policy: path \"" + path + "\": invalid use of wildcards ('+*' is forbidden)");
        }
        return new Policy.Rule(path, capabilities.contains("deny") ? Set.of("deny") : capabilities, minWrap, maxWrap);
    }

    private long seconds(String name) throws VaultFailure {
        next();
        expect("=");
        String given = token;
        next();
        try {
            return GoDuration.seconds(given);
        } catch (NumberFormatException e) {
            throw VaultFailure.bad(
                    "failed to parse policy: error parsing " + name + ": time: invalid duration \"" + given + "\"");
        }
    }

    private List<String> list() throws VaultFailure {
        expect("[");
        List<String> items = new ArrayList<>();
        while (!is("]")) {
            if (!quoted) {
                throw wrong("expected a quoted capability");
            }
            items.add(token);
            next();
            if (is(",")) {
                next();
            }
        }
        next();
        return items;
    }

    private void attribute() throws VaultFailure {
        next();
        if (is("=")) {
            next();
        }
        int depth = 0;
        do {
            if (end()) {
                throw wrong("object expected closing RBRACE got: EOF");
            }
            if (is("{") || is("[")) {
                depth++;
            } else if (is("}") || is("]")) {
                depth--;
            }
            next();
        } while (depth > 0);
    }

    private boolean is(String symbol) {
        return !quoted && token.equals(symbol);
    }

    private boolean end() {
        return !quoted && token.isEmpty();
    }

    private void expect(String symbol) throws VaultFailure {
        if (!is(symbol)) {
            throw wrong("expected " + symbol);
        }
        next();
    }

    private void next() throws VaultFailure {
        skip();
        quoted = false;
        if (at >= text.length()) {
            token = "";
            return;
        }
        char c = text.charAt(at);
        if (c == '"') {
            quoted = true;
            token = quotedText();
        } else if ("{}[]=,".indexOf(c) >= 0) {
            token = String.valueOf(c);
            at++;
        } else {
            int start = at;
            while (at < text.length() && " \t\r\n{}[]=,\"#".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            token = text.substring(start, at);
            if (at == start) {
                throw wrong("illegal character");
            }
        }
    }

    private String quotedText() throws VaultFailure {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            out.append(c);
        }
        throw wrong("literal not terminated");
    }

    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#' || text.startsWith("//", at)) {
                int line = text.indexOf('\n', at);
                at = line < 0 ? text.length() : line;
            } else if (text.startsWith("/*", at)) {
                int close = text.indexOf("*/", at + 2);
                at = close < 0 ? text.length() : close + 2;
            } else {
                return;
            }
        }
    }

    private VaultFailure wrong(String what) {
        int end = Math.min(at, text.length());
        int line = 1;
        int column = 1;
        for (int i = 0; i < end; i++) {
            column++;
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            }
        }
        return VaultFailure.bad("failed to parse policy: At " + line + ":" + column + ": " + what);
    }
}
