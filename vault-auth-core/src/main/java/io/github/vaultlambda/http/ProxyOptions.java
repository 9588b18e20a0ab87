package io.github.vaultlambda.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Through which forward proxy connections go. The default is none. Proxies are addresses such as {@code http://host:3128}, with
 * {@code user:password@} before the host for Basic authentication (percent-encoded), or {@code https://} for a proxy that is
 * itself spoken to through TLS; SOCKS is not supported. Immutable and thread-safe.
 */
public final class ProxyOptions {
    private static final ProxyOptions NONE = new ProxyOptions(null, null, null);

    private final @Nullable ForwardProxy forHttp;
    private final @Nullable ForwardProxy forHttps;
    /** What goes without a proxy, or null when nothing does, not even this machine. */
    private final @Nullable List<Exemption> exemptions;

    private ProxyOptions(
            @Nullable ForwardProxy forHttp, @Nullable ForwardProxy forHttps, @Nullable List<Exemption> exemptions) {
        this.forHttp = forHttp;
        this.forHttps = forHttps;
        this.exemptions = exemptions;
    }

    /** No proxy. */
    public static ProxyOptions none() {
        return NONE;
    }

    /**
     * One proxy for everything, this machine included.
     *
     * @param address the proxy's address
     * @param variable the variable that it comes from, such as {@code VAULT_PROXY_ADDR}, for messages
     * @throws IllegalArgumentException when it is no address of a proxy that is supported; the message does not quote it
     */
    public static ProxyOptions always(String address, String variable) {
        ForwardProxy proxy = ForwardProxy.parse(address, variable);
        return new ProxyOptions(proxy, proxy, null);
    }

    /**
     * As {@code HTTPS_PROXY} and {@code HTTP_PROXY} say for the two schemes, except for what {@code NO_PROXY} lists; the names in
     * lower case count when those in capitals are not set. The rules are those of Go, and so of Vault's own programs: entries
     * are separated by commas; a domain stands for itself and all below it, with a leading dot or {@code *.} only for those
     * below; an address or a range such as {@code 10.0.0.0/8} for hosts written as addresses; each may end with a port;
     * {@code *} stands for everything. {@code localhost} and loopback addresses never go through a proxy.
     *
     * @throws IllegalArgumentException when a variable is set and is no address of a proxy that is supported; the message names
     *     the variable and does not quote it
     */
    public static ProxyOptions fromVariables(Map<String, String> environment) {
        ForwardProxy http = proxy(environment, "HTTP_PROXY", "http_proxy");
        ForwardProxy https = proxy(environment, "HTTPS_PROXY", "https_proxy");
        if (http == null && https == null) {
            return NONE;
        }
        String exempt = environment.get(name(environment, "NO_PROXY", "no_proxy"));
        return new ProxyOptions(http, https, exempt == null ? List.of() : exemptions(exempt));
    }

    /** The proxy on the way there, or null. */
    @Nullable
    ForwardProxy proxyFor(Origin origin) {
        ForwardProxy proxy = origin.tls() ? forHttps : forHttp;
        if (proxy == null || exemptions == null) {
            return proxy;
        }
        byte[] address = IpAddress.bytes(origin.host());
        if (origin.host().equals("localhost") || (address != null && IpAddress.isLoopback(address))) {
            return null;
        }
        for (Exemption exemption : exemptions) {
            if (exemption.covers(origin, address)) {
                return null;
            }
        }
        return proxy;
    }

    /** Host and port of the proxies, without passwords. */
    @Override
    public String toString() {
        return forHttp == null && forHttps == null ? "no proxy" : "http: " + forHttp + ", https: " + forHttps;
    }

    private static @Nullable ForwardProxy proxy(Map<String, String> environment, String name, String other) {
        String present = name(environment, name, other);
        String address = environment.get(present);
        return address == null || address.isBlank() ? null : ForwardProxy.parse(address, present);
    }

    private static String name(Map<String, String> environment, String name, String other) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? other : name;
    }

    private static List<Exemption> exemptions(String list) {
        List<Exemption> exemptions = new ArrayList<>();
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            Exemption exemption =
                    Exemption.parse(list.substring(start, end).strip().toLowerCase(Locale.ROOT));
            if (exemption != null) {
                exemptions.add(exemption);
            }
            start = end + 1;
        }
        return exemptions;
    }

    /**
     * One entry of {@code NO_PROXY}: everything, a range of addresses or a domain.
     *
     * @param address the first address of the range, or null
     * @param bits how many bits of it count
     * @param domain with a leading dot, or null
     * @param itself whether the domain itself is meant too
     * @param port or 0 for all
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Exemption(
            byte @Nullable [] address, int bits, @Nullable String domain, boolean itself, int port) {
        /** The entry, or null when it is none; such are ignored, as in Go. */
        static @Nullable Exemption parse(String text) {
            if (text.isEmpty()) {
                return null;
            }
            if (text.equals("*")) {
                return new Exemption(null, 0, null, true, 0);
            }
            int slash = text.indexOf('/');
            if (slash >= 0) {
                byte[] range = IpAddress.bytes(text.substring(0, slash));
                int bits = number(text.substring(slash + 1), 128);
                return range == null || bits < 0 || bits > 8 * range.length
                        ? null
                        : new Exemption(range, bits, null, false, 0);
            }
            byte[] whole = IpAddress.bytes(text);
            if (whole != null) {
                return new Exemption(whole, 8 * whole.length, null, false, 0);
            }
            int colon = text.lastIndexOf(':');
            int port = colon < 0 || text.endsWith("]") ? 0 : number(text.substring(colon + 1), 65_535);
            String host = port == 0 ? text : text.substring(0, Math.max(colon, 0));
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (port < 0 || host.isEmpty()) {
                return null;
            }
            byte[] address = IpAddress.bytes(host);
            if (address != null) {
                return new Exemption(address, 8 * address.length, null, false, port);
            }
            boolean below = host.startsWith("*.") || host.startsWith(".");
            String domain = host.startsWith("*.") ? host.substring(1) : below ? host : "." + host;
            return new Exemption(null, 0, domain, !below, port);
        }

        boolean covers(Origin origin, byte @Nullable [] ofOrigin) {
            if (port != 0 && port != origin.port()) {
                return false;
            }
            if (address != null) {
                return ofOrigin != null && ofOrigin.length == address.length && startsAlike(ofOrigin, address, bits);
            }
            if (domain == null) {
                return true;
            }
            return ofOrigin == null
                    && (origin.host().endsWith(domain)
                            || (itself && origin.host().equals(domain.substring(1))));
        }

        private static boolean startsAlike(byte[] a, byte[] b, int bits) {
            for (int i = 0; i < bits; i++) {
                if (((a[i / 8] ^ b[i / 8]) & (0x80 >> (i % 8))) != 0) {
                    return false;
                }
            }
            return true;
        }

        private static int number(String digits, int max) {
            int number = 0;
            for (int i = 0; i < digits.length(); i++) {
                char c = digits.charAt(i);
                number = number * 10 + (c - '0');
                if (c < '0' || c > '9' || number > max) {
                    return -1;
                }
            }
            return digits.isEmpty() ? -1 : number;
        }
    }
}
