package io.github.vaultlambda.extension.proxy;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets through only what was addressed to this machine by its own name. A browser or a library that was led here by a DNS
 * name of someone else (DNS rebinding) names that one.
 */
final class HostGuard {
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{0,5})?", Pattern.CASE_INSENSITIVE);

    private HostGuard() {}

    /**
     * Checks a request.
     *
     * @param hosts the values of its Host header, or null when it has none
     * @param target its request target, which in the absolute form names a host as well
     * @throws Refusal when either is not this machine
     */
    static void check(@Nullable List<String> hosts, URI target) throws Refusal {
        boolean local = hosts != null
                && hosts.size() == 1
                && isLoopback(hosts.get(0))
                && (!target.isAbsolute() || isLoopback(target.getRawAuthority()));
        if (!local) {
            throw Refusal.of(403, "refused: the request must name localhost, 127.0.0.1 or [::1] as its host");
        }
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null && LOOPBACK.matcher(host).matches();
    }
}
