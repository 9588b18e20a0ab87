package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A forward proxy.
 *
 * @param tls whether it is spoken to through TLS
 * @param authorization the value of Proxy-Authorization, a secret; or null
 * @param variable the name of the variable that it comes from, for messages
 */
record ForwardProxy(
        boolean tls, String host, int port, @Nullable String authorization, String variable) {
    /**
     * Reads the address of a proxy; without a scheme it is http.
     *
     * @throws IllegalArgumentException when it is none; the message names the variable and does not quote the address, which
     *     may hold a password
     */
    static ForwardProxy parse(String text, String variable) {
        String address = text.strip();
        int scheme = address.indexOf("://");
        String name = scheme < 0 ? "http" : address.substring(0, scheme).toLowerCase(Locale.ROOT);
        if (name.startsWith("socks")) {
            throw new IllegalArgumentException(
                    variable + " names a SOCKS proxy, which is not supported: use one with http:// or https://");
        }
        if (!name.equals("http") && !name.equals("https")) {
            throw unusable(variable);
        }
        boolean tls = name.equals("https");
        String rest = scheme < 0 ? address : address.substring(scheme + 3);
        int end = rest.length();
        for (int i = 0; i < end; i++) {
            if ("/?#".indexOf(rest.charAt(i)) >= 0) {
                end = i;
            }
        }
        rest = rest.substring(0, end);
        int at = rest.lastIndexOf('@');
        String authorization = at < 0 ? null : basic(rest.substring(0, at), variable);
        String authority = rest.substring(at + 1);
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = port(colon < 0 ? "" : authority.substring(colon + 1), tls ? 443 : 80, variable);
        if (bracket > 0 && host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || !Syntax.isTarget(host) || host.indexOf('[') >= 0) {
            throw unusable(variable);
        }
        return new ForwardProxy(tls, host, port, authorization, variable);
    }

    byte[] connectRequest(Origin origin) {
        StringBuilder text = new StringBuilder("CONNECT ")
                .append(origin.hostAndPort())
                .append(" HTTP/1.1\r\nHost: ")
                .append(origin.hostAndPort())
                .append("\r\n");
        if (authorization != null) {
            text.append("Proxy-Authorization: ").append(authorization).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    TransportException refused(Origin origin, int status) {
        return new TransportException(
                Kind.PROXY,
                this + " refused to connect us to " + origin + " (status " + status + ")",
                status == 407
                        ? "the proxy wants another user or password in " + variable
                        : "the proxy must allow this host and port, or " + variable + " must not apply to it",
                null);
    }

    /** What to look at when it fails. */
    String hint() {
        return "check " + variable + ", or let the host be reached without a proxy";
    }

    /** For messages: without the password. */
    @Override
    public String toString() {
        return "the proxy " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static String basic(String userInfo, String variable) {
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        byte[] pair = (decoded(user, variable) + ":" + decoded(password, variable)).getBytes(UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Percent-decoding only: a plus is a plus. */
    private static String decoded(String text, String variable) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = text.getBytes(UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 2 <= raw.length - 1 ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 <= raw.length - 1 ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw unusable(variable);
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        return bytes.toString(UTF_8);
    }

    private static int port(String digits, int usual, String variable) {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            port = port * 10 + (c - '0');
            if (c < '0' || c > '9' || port > 65_535) {
                throw unusable(variable);
            }
        }
        return digits.isEmpty() ? usual : port;
    }

    private static IllegalArgumentException unusable(String variable) {
        return new IllegalArgumentException(variable
                + " is no address of a proxy: it must look like http://host:port or http://user:password@host:port");
    }
}
