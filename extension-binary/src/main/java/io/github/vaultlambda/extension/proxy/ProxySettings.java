package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy is told by its environment: where it listens, whom it answers, what it keeps. Immutable and thread-safe.
 *
 * <p>{@code VAULT_DEFAULT_CACHE_TTL} and {@code VAULT_DEFAULT_CACHE_ENABLED} are read as vault-lambda-extension reads them: what is
 * no duration or no flag is as good as unset.
 */
public final class ProxySettings {
    static final String PORT = "VAULT_EXTENSION_PROXY_PORT";
    static final String ADDRESS = "VAULT_EXTENSION_PROXY_ADDRESS";
    static final String SOCKET = "VAULT_EXTENSION_PROXY_SOCKET";
    static final String HOSTS = "VAULT_EXTENSION_PROXY_HOSTS";
    static final String TIMEOUT = "VAULT_EXTENSION_PROXY_TIMEOUT";
    static final String MAX_CONNECTIONS = "VAULT_EXTENSION_PROXY_MAX_CONNECTIONS";
    static final String REQUIRE_HEADER = "VAULT_EXTENSION_PROXY_REQUIRE_HEADER";
    static final String ALLOW_METHODS = "VAULT_EXTENSION_PROXY_ALLOW_METHODS";
    static final String ALLOW_PATHS = "VAULT_EXTENSION_PROXY_ALLOW_PATHS";
    static final String ALLOW_FORWARDED = "VAULT_EXTENSION_PROXY_ALLOW_FORWARDED";
    static final String COALESCE = "VAULT_EXTENSION_PROXY_COALESCE";
    static final String CACHE_BYTES = "VAULT_EXTENSION_PROXY_CACHE_BYTES";
    static final String CACHE_LIST = "VAULT_EXTENSION_PROXY_CACHE_LIST";
    static final String REFRESH_AHEAD = "VAULT_EXTENSION_PROXY_CACHE_REFRESH_AHEAD";
    private static final String CACHE_TTL = "VAULT_DEFAULT_CACHE_TTL";
    private static final String CACHE_ENABLED = "VAULT_DEFAULT_CACHE_ENABLED";
    private static final String MAX_STALE = "VAULT_CACHE_MAX_STALE";

    private static final int DEFAULT_PORT = 8200;
    private static final int DEFAULT_CONNECTIONS = 256;
    private static final int DEFAULT_CACHE_BYTES = 8 * 1024 * 1024;
    private static final int MOST_CACHE_BYTES = 1024 * 1024 * 1024;
    /** What the proxy waits for an answer at least: a shorter time-out of operations is meant for logins. */
    private static final Duration SHORTEST_DEFAULT_TIMEOUT = Duration.ofSeconds(9);

    private final int port;
    private final String address;
    private final @Nullable String socket;
    private final Set<String> hosts;
    private final @Nullable Duration timeout;
    private final int maxConnections;
    private final boolean wantsRequestHeader;
    private final Set<String> methods;
    private final List<PathPattern> paths;
    private final boolean takesForwarded;
    private final boolean coalesces;
    private final Duration cacheTtl;
    private final boolean cachesByDefault;
    private final boolean cachesLists;
    private final int cacheBytes;
    private final Duration maxStale;
    private final boolean refreshesAhead;

    private ProxySettings(EnvironmentSettings settings) {
        this.socket = socket(settings);
        this.port = port(settings, socket);
        this.address = address(settings);
        this.hosts = hosts(settings, address);
        this.timeout = settings.text(TIMEOUT) == null ? null : settings.timeout(TIMEOUT, SHORTEST_DEFAULT_TIMEOUT);
        this.maxConnections = settings.count(MAX_CONNECTIONS, DEFAULT_CONNECTIONS, 1, 10_000);
        this.wantsRequestHeader = settings.flag(REQUIRE_HEADER, false);
        this.methods = methods(settings);
        this.paths = paths(settings);
        this.takesForwarded = settings.flag(ALLOW_FORWARDED, false);
        this.coalesces = settings.flag(COALESCE, true);
        Duration ttl = settings.lenientDuration(CACHE_TTL);
        this.cacheTtl = ttl == null ? Duration.ZERO : ttl;
        this.cachesByDefault = lenientFlag(settings.text(CACHE_ENABLED));
        this.cachesLists = settings.flag(CACHE_LIST, false);
        this.cacheBytes = settings.count(CACHE_BYTES, DEFAULT_CACHE_BYTES, 0, MOST_CACHE_BYTES);
        this.maxStale = settings.duration(MAX_STALE, Duration.ZERO);
        this.refreshesAhead = settings.flag(REFRESH_AHEAD, false);
    }

    private ProxySettings(ProxySettings other, int port) {
        this.port = port;
        this.address = other.address;
        this.socket = other.socket;
        this.hosts = other.hosts;
        this.timeout = other.timeout;
        this.maxConnections = other.maxConnections;
        this.wantsRequestHeader = other.wantsRequestHeader;
        this.methods = other.methods;
        this.paths = other.paths;
        this.takesForwarded = other.takesForwarded;
        this.coalesces = other.coalesces;
        this.cacheTtl = other.cacheTtl;
        this.cachesByDefault = other.cachesByDefault;
        this.cachesLists = other.cachesLists;
        this.cacheBytes = other.cacheBytes;
        this.maxStale = other.maxStale;
        this.refreshesAhead = other.refreshesAhead;
    }

    /** Reads the variables; what is wrong with them becomes a fault of the settings. */
    public static ProxySettings read(EnvironmentSettings settings) {
        return new ProxySettings(settings);
    }

    /** These with another port; 0 for any free one. */
    public ProxySettings withPort(int other) {
        return new ProxySettings(this, other);
    }

    /** The TCP port; 0 for any free one, -1 for none. */
    public int port() {
        return port;
    }

    /** The IP address of the TCP port. */
    String address() {
        return address;
    }

    /** Whether only this machine can connect to that address. */
    boolean isLoopback() {
        return address.startsWith("127.") || address.equals("::1");
    }

    /** Where the Unix socket lies, or null for none. */
    @Nullable
    String socket() {
        return socket;
    }

    /** The hosts, in lower case, that a request over TCP may name. */
    Set<String> hosts() {
        return hosts;
    }

    /** How long Vault may take to begin its answer, where this is the time-out of other operations. */
    Duration timeout(Duration operations) {
        if (timeout != null) {
            return timeout;
        }
        return operations.compareTo(SHORTEST_DEFAULT_TIMEOUT) > 0 ? operations : SHORTEST_DEFAULT_TIMEOUT;
    }

    int maxConnections() {
        return maxConnections;
    }

    boolean wantsRequestHeader() {
        return wantsRequestHeader;
    }

    /** The methods that are allowed; empty for all. */
    Set<String> methods() {
        return methods;
    }

    /** The paths that are allowed; empty for all. */
    List<PathPattern> paths() {
        return paths;
    }

    /** Whether requests that were forwarded for somebody are answered. */
    boolean takesForwarded() {
        return takesForwarded;
    }

    /** Whether equal reads that come at the same time are sent once. */
    boolean coalesces() {
        return coalesces;
    }

    /** How long answers are fresh; zero when none are kept. */
    Duration cacheTtl() {
        return cacheBytes == 0 ? Duration.ZERO : cacheTtl;
    }

    /** Whether answers are kept without the client's wish. */
    boolean cachesByDefault() {
        return cachesByDefault;
    }

    boolean cachesLists() {
        return cachesLists;
    }

    /** How many bytes the kept answers may take. */
    int cacheBytes() {
        return cacheBytes;
    }

    /** How much longer than fresh an answer serves while Vault cannot be asked; zero for not at all. */
    Duration maxStale() {
        return maxStale;
    }

    /** Whether answers in use are read anew in the background before their end. */
    boolean refreshesAhead() {
        return refreshesAhead;
    }

    private static int port(EnvironmentSettings settings, @Nullable String socket) {
        if ("none".equals(settings.text(PORT))) {
            if (socket == null) {
                settings.fault(PORT + " is \"none\", which needs a " + SOCKET);
            }
            return -1;
        }
        return settings.count(PORT, DEFAULT_PORT, 1, 65535);
    }

    private static String address(EnvironmentSettings settings) {
        String text = settings.text(ADDRESS);
        if (text == null || text.equals("localhost")) {
            return "127.0.0.1";
        }
        boolean six = text.indexOf(':') >= 0;
        boolean legal = six || text.chars().filter(c -> c == '.').count() == 3;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = six ? Character.digit(c, 16) >= 0 || c == ':' : c >= '0' && c <= '9';
            legal &= digit || c == '.';
        }
        if (!legal) {
            settings.fault(ADDRESS + " is \"" + text + "\", which is no IP address: write one such as 127.0.0.1");
            return "127.0.0.1";
        }
        return text;
    }

    /** The kernel takes no longer path for a socket. */
    private static @Nullable String socket(EnvironmentSettings settings) {
        String path = settings.text(SOCKET);
        if (path != null && (!path.startsWith("/") || path.length() > 100)) {
            settings.fault(
                    SOCKET + " is \"" + path + "\": write a path that begins with / and has 100 characters at most");
        }
        return path;
    }

    private static Set<String> hosts(EnvironmentSettings settings, String address) {
        Set<String> hosts = new HashSet<>(List.of("localhost", "127.0.0.1", "[::1]"));
        hosts.add(address.indexOf(':') >= 0 ? "[" + address + "]" : address);
        for (String host : list(settings.text(HOSTS))) {
            hosts.add(host.toLowerCase(Locale.ROOT));
        }
        return Set.copyOf(hosts);
    }

    private static Set<String> methods(EnvironmentSettings settings) {
        Set<String> methods = new HashSet<>();
        for (String method : list(settings.text(ALLOW_METHODS))) {
            methods.add(method.toUpperCase(Locale.ROOT));
        }
        return Set.copyOf(methods);
    }

    private static List<PathPattern> paths(EnvironmentSettings settings) {
        List<PathPattern> paths = new ArrayList<>();
        for (String path : list(settings.text(ALLOW_PATHS))) {
            paths.add(PathPattern.of(path));
        }
        return List.copyOf(paths);
    }

    private static List<String> list(@Nullable String text) {
        List<String> entries = new ArrayList<>();
        if (text != null) {
            for (String entry : text.split(",", -1)) {
                if (!entry.isBlank()) {
                    entries.add(entry.strip());
                }
            }
        }
        return entries;
    }

    private static boolean lenientFlag(@Nullable String text) {
        return text != null
                && switch (text) {
                    case "1", "t", "T", "true", "TRUE", "True" -> true;
                    default -> false;
                };
    }
}
