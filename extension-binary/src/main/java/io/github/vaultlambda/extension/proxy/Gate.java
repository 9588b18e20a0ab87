package io.github.vaultlambda.extension.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets through only what may go to Vault. Always: what was addressed to this machine by its own name, because a browser or a
 * library that was led here by a DNS name of someone else (DNS rebinding) names that one; and what was not passed on by a proxy on
 * behalf of somebody. Where the settings say so: what has the header {@code X-Vault-Request: true}, which a web page or a library
 * that was tricked into a request cannot send; and the methods and paths of a list. Immutable and thread-safe.
 */
final class Gate {
    private static final String[] OF_FORWARDERS = {"X-Forwarded-For", "X-Forwarded-Host", "Forwarded"};

    private final Set<String> hosts;
    private final boolean refusesForwarded;
    private final boolean wantsRequestHeader;
    private final Set<String> methods;
    private final List<PathPattern> paths;
    private final @Nullable String namespace;

    /** @param namespace the namespace of requests that name none, or null */
    Gate(ProxySettings settings, @Nullable String namespace) {
        this.hosts = settings.hosts();
        this.refusesForwarded = !settings.takesForwarded();
        this.wantsRequestHeader = settings.wantsRequestHeader();
        this.methods = settings.methods();
        this.paths = settings.paths();
        this.namespace = namespace;
    }

    /** Whether the request may be answered at all, be it by the proxy itself. */
    void checkSender(RequestHead head, RequestTarget target, boolean overTcp) throws Refusal {
        // Over a Unix socket no name led here, and clients put anything.
        if (overTcp && !isForThisMachine(head, target)) {
            throw Refusal.of(403, "refused: the request must name localhost, 127.0.0.1 or [::1] as its host");
        }
        if (refusesForwarded) {
            for (String name : OF_FORWARDERS) {
                if (head.first(name) != null) {
                    throw Refusal.of(
                            403,
                            "refused: the request was forwarded for somebody else (it has the header " + name + ")");
                }
            }
        }
    }

    /** Whether the request may go to Vault. */
    void checkRequest(RequestHead head, RequestTarget target) throws Refusal {
        if (wantsRequestHeader
                && !(head.count("X-Vault-Request") == 1 && "true".equals(head.first("X-Vault-Request")))) {
            throw Refusal.of(403, "refused: the request must have the header X-Vault-Request: true");
        }
        if (!methods.isEmpty() && !methods.contains(head.method())) {
            throw Refusal.of(
                    403, "refused: " + head.method() + " is none of the methods in " + ProxySettings.ALLOW_METHODS);
        }
        if (!paths.isEmpty() && !isAllowed(head, target)) {
            throw Refusal.of(
                    403, "refused: " + target.path() + " is none of the paths in " + ProxySettings.ALLOW_PATHS);
        }
    }

    private boolean isForThisMachine(RequestHead head, RequestTarget target) {
        String authority = target.authority();
        return head.count("Host") == 1
                && isKnown(String.valueOf(head.first("Host")))
                && (authority == null || isKnown(authority));
    }

    private boolean isKnown(String hostAndPort) {
        int bracket = hostAndPort.lastIndexOf(']');
        int colon = hostAndPort.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        for (int i = colon + 1; colon >= 0 && i < hostAndPort.length(); i++) {
            char c = hostAndPort.charAt(i);
            if (c < '0' || c > '9' || i > colon + 5) {
                return false;
            }
        }
        return hosts.contains(host.toLowerCase(Locale.ROOT));
    }

    /** A namespace of the client's own leads to other secrets, so the list must name it. */
    private boolean isAllowed(RequestHead head, RequestTarget target) {
        String path = target.decodedPath();
        String own = head.first(HeaderRules.NAMESPACE);
        if (own != null && !own.equals(namespace)) {
            String within = path.startsWith("/v1/") ? path.substring("/v1/".length()) : path;
            path = "/v1/" + PathPattern.withoutSlashes(own) + "/" + within;
        }
        for (PathPattern pattern : paths) {
            if (pattern.matches(path)) {
                return true;
            }
        }
        return false;
    }
}
