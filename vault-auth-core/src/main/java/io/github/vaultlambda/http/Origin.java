package io.github.vaultlambda.http;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads: scheme, host and port. Reads the authority itself, because {@link URI#getHost()} knows no host
 * names with an underscore.
 *
 * @param tls whether the scheme is https
 * @param host in lower case, without brackets
 * @param hostHeader the value of the header Host
 */
record Origin(boolean tls, String host, int port, String hostHeader) {
    /** @throws TransportException when the address is not that of an HTTP server; the message does not quote it */
    static Origin of(URI uri) throws TransportException {
        String scheme = uri.getScheme();
        boolean tls = "https".equalsIgnoreCase(scheme);
        if (!tls && !"http".equalsIgnoreCase(scheme)) {
            throw illegal("an address must begin with http:// or https://", uri);
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw illegal("an address must have a host", uri);
        }
        authority = authority.substring(authority.lastIndexOf('@') + 1);
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 || colon == authority.length() - 1
                ? tls ? 443 : 80
                : port(authority.substring(colon + 1), uri);
        String bare = bracket > 0 ? host.substring(1, host.length() - 1) : host;
        if (!isHost(bare, bracket > 0)) {
            throw illegal("the host of an address has illegal characters or none", uri);
        }
        bare = bare.toLowerCase(Locale.ROOT);
        boolean usual = port == (tls ? 443 : 80);
        String hostHeader = bracket > 0 ? "[" + bare + "]" : bare;
        return new Origin(tls, bare, port, usual ? hostHeader : hostHeader + ":" + port);
    }

    /** Whether connections to the other serve for this. */
    boolean isSame(Origin other) {
        return port == other.port && tls == other.tls && host.equals(other.host);
    }

    /** Host and port for CONNECT. */
    String hostAndPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** For messages. */
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + hostAndPort();
    }

    private static int port(String digits, URI uri) throws TransportException {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            port = port * 10 + (c - '0');
            if (c < '0' || c > '9' || port > 65_535) {
                throw illegal("the port of an address must be a number up to 65535", uri);
            }
        }
        return port;
    }

    private static boolean isHost(String host, boolean bracketed) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean ordinary = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_';
            if (!ordinary && !(bracketed && (c == ':' || c == '%'))) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    private static TransportException illegal(String message, @Nullable URI uri) {
        return new TransportException(
                TransportException.Kind.ILLEGAL_REQUEST,
                message + (uri == null || uri.getScheme() == null ? "" : " (scheme " + uri.getScheme() + ")"));
    }
}
