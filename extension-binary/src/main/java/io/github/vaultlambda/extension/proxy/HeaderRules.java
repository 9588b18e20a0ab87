package io.github.vaultlambda.extension.proxy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which headers pass the proxy. Those that speak about one connection do not (RFC 9110, section 7.6.1), nor do those that
 * speak to the extension, nor those that the HTTP client and server write themselves.
 */
final class HeaderRules {
    static final String TOKEN = "X-Vault-Token";
    static final String NAMESPACE = "X-Vault-Namespace";
    static final String TOKEN_OPTIONS = "X-Vault-Token-Options";

    private static final Set<String> OF_ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "content-length");
    private static final Set<String> TO_THE_EXTENSION =
            Set.of("host", "expect", "x-vault-token", "x-vault-token-options", "x-vault-cache-control");

    private final Set<String> named = new HashSet<>();
    private final boolean toVault;

    private HeaderRules(boolean toVault, @Nullable List<String> connection) {
        this.toVault = toVault;
        if (connection != null) {
            for (String line : connection) {
                for (String name : line.split(",", -1)) {
                    named.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    /** The rules for a request with these Connection headers; the token is left to the caller. */
    static HeaderRules toVault(@Nullable List<String> connection) {
        return new HeaderRules(true, connection);
    }

    /** The rules for an answer with these Connection headers. */
    static HeaderRules toClient(@Nullable List<String> connection) {
        return new HeaderRules(false, connection);
    }

    /** Whether the sender wants the connection closed after this. */
    boolean closesConnection() {
        return named.contains("close");
    }

    /** Whether the header of that name goes on. */
    boolean passes(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !OF_ONE_CONNECTION.contains(lower)
                && !lower.startsWith("proxy-")
                && !named.contains(lower)
                && !(toVault && TO_THE_EXTENSION.contains(lower));
    }
}
