package io.github.vaultlambda.client;

import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a redirect may be followed. A standby of Vault redirects to the active node, which is another host; but so may
 * anything that stands in front of Vault, and a request carries a token or a signed login. So another host is only believed in
 * when Vault itself names it as its cluster's leader. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/ha">Vault: high availability</a>
 */
final class Redirects {
    /** A request is sent on this often at most. */
    static final int MOST = 3;

    private final URI address;
    private final boolean allowed;
    private volatile @Nullable String leader;

    Redirects(URI address, boolean allowed) {
        this.address = address;
        this.allowed = allowed;
    }

    static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 307 || status == 308;
    }

    /**
     * Where to send the request again.
     *
     * @throws VaultRequestException when it must not be sent there
     */
    URI follow(VaultRequest request, URI from, HttpTransport.Reply reply, HttpTransport transport, Deadline deadline) {
        return follow(
                request.toString(),
                request.path(),
                from,
                reply.status(),
                reply.header("location"),
                transport,
                deadline);
    }

    /** As above, for a request that is known by its name and path alone. */
    URI follow(
            String request,
            String path,
            URI from,
            int status,
            @Nullable String location,
            HttpTransport transport,
            Deadline deadline) {
        URI to = resolved(from, location);
        if (to == null) {
            throw refusal(request, path, status, "nowhere", "check that VAULT_ADDR leads to Vault itself");
        }
        String origin = origin(to);
        if (!allowed) {
            throw refusal(
                    request,
                    path,
                    status,
                    origin,
                    "VAULT_DISABLE_REDIRECTS forbids to follow; set VAULT_ADDR to that address");
        }
        if (isSecure(address) && !isSecure(to)) {
            throw refusal(
                    request, path, status, origin, "an unencrypted address is not followed from an encrypted one");
        }
        if (!origin.equals(origin(address)) && !origin.equals(leader) && !isLeader(origin, transport, deadline)) {
            throw refusal(
                    request,
                    path,
                    status,
                    origin,
                    "Vault does not name that host as its active node, so the request was not sent there; if it is right,"
                            + " set VAULT_ADDR to it, or else correct api_addr of Vault");
        }
        if (origin.equals(origin(address)) && !isBelow(address, to)) {
            throw refusal(
                    request,
                    path,
                    status,
                    origin,
                    "it leads out of Vault's paths to another application on that host, so the request was not sent"
                            + " there; check VAULT_ADDR");
        }
        return to;
    }

    /** Behind one gateway there may be others, whom a token is no concern of. */
    private static boolean isBelow(URI address, URI to) {
        String prefix = address.getRawPath() == null ? "" : address.getRawPath();
        String path = to.normalize().getRawPath();
        return path.startsWith(prefix + "/v1/")
                && !path.toLowerCase(Locale.ROOT).contains("%2e");
    }

    private boolean isLeader(String origin, HttpTransport transport, Deadline deadline) {
        try {
            HttpTransport.Reply reply = transport.send(new HttpTransport.Call(
                    "GET",
                    URI.create(address + "/v1/sys/leader"),
                    Map.of("X-Vault-Request", "true"),
                    null,
                    deadline.remaining()));
            String named =
                    reply.status() == 200 ? SecretValue.parse(reply.body()).text("leader_address") : null;
            if (named == null || !origin.equals(origin(URI.create(named)))) {
                return false;
            }
            leader = origin;
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false; // no answer, or none that names an address
        }
    }

    private static @Nullable URI resolved(URI from, @Nullable String location) {
        if (location == null) {
            return null;
        }
        try {
            URI to = from.resolve(location);
            String scheme = String.valueOf(to.getScheme());
            return to.getHost() != null && (scheme.equals("https") || scheme.equals("http")) ? to : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static VaultRequestException refusal(String request, String path, int status, String where, String hint) {
        return new VaultRequestException(
                VaultFailure.of("Vault answered " + request + " with " + status + ", a redirect to " + where)
                        .withStatus(status)
                        .withPath(path)
                        .withHint(hint));
    }
}
