package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.http.Headers;

/**
 * Which headers pass the proxy. Those that speak about one connection do not (RFC 9110, section 7.6.1), nor do those that
 * speak to the extension, nor those that client and server write themselves.
 */
final class HeaderRules {
    static final String TOKEN = "X-Vault-Token";
    static final String NAMESPACE = "X-Vault-Namespace";
    static final String TOKEN_OPTIONS = "X-Vault-Token-Options";
    static final String CACHE_CONTROL = "X-Vault-Cache-Control";

    private static final String[] OF_ONE_CONNECTION = {
        "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Content-Length"
    };
    private static final String[] TO_THE_EXTENSION = {"Host", "Expect", TOKEN, TOKEN_OPTIONS, CACHE_CONTROL};

    private HeaderRules() {}

    /** Whether a header of a request goes on to Vault; the token is left to the caller. */
    static boolean passToVault(Headers headers, int number) {
        return pass(headers, number) && !isOneOf(headers.name(number), TO_THE_EXTENSION);
    }

    /** Whether a header of an answer goes on to the client. */
    static boolean passToClient(Headers headers, int number) {
        return pass(headers, number);
    }

    private static boolean pass(Headers headers, int number) {
        String name = headers.name(number);
        return !isOneOf(name, OF_ONE_CONNECTION)
                && !name.regionMatches(true, 0, "Proxy-", 0, 6)
                && !headers.list("Connection", name);
    }

    private static boolean isOneOf(String name, String[] names) {
        for (String one : names) {
            if (one.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
