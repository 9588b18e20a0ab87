package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * As much of a Kubernetes cluster as Vault's auth method asks for: it issues tokens of service accounts and answers reviews of
 * them ({@code TokenReview}). A token that it has forgotten is one whose pod is gone. Thread-safe.
 */
final class KubernetesCluster implements AutoCloseable {
    static final String AUDIENCE = "vault";
    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";

    private final JwtIssuer issuer;
    private final String reviewer = SecretsLedger.add(TestSecrets.mint("reviewer-"));
    private final Map<String, Map<String, ?>> known = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final String host;

    private KubernetesCluster(String host, HttpServer server, JwtIssuer issuer) {
        this.issuer = issuer;
        this.host = host;
        this.server = server;
    }

    /** Listens at this address of this machine alone; the issuer signs its tokens. */
    static KubernetesCluster start(String host, JwtIssuer issuer) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), 0), 0);
            KubernetesCluster cluster = new KubernetesCluster(host, server, issuer);
            server.createContext(REVIEWS, cluster::review);
            server.start();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://" + host + ":" + server.getAddress().getPort());
    }

    /** The bearer token with which Vault has to ask for reviews. */
    String reviewerToken() {
        return reviewer;
    }

    /** The key that the tokens are signed with, as PEM. */
    String publicPem() {
        return issuer.publicPem();
    }

    /** A token of a service account that lives in the cluster. */
    String tokenOf(String account, String namespace) {
        return tokenOf(account, namespace, AUDIENCE, 600);
    }

    /** The same for another audience, and a life of other seconds, perhaps less than none. */
    String tokenOf(String account, String namespace, String audience, int seconds) {
        long now = Instant.now().getEpochSecond();
        String uid = UUID.randomUUID().toString();
        String user = "system:serviceaccount:" + namespace + ":" + account;
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://kubernetes.default.svc.cluster.local");
        claims.put("aud", List.of(audience));
        claims.put("iat", now - 60);
        claims.put("exp", now + seconds);
        claims.put("sub", user);
        claims.put(
                "kubernetes.io", Map.of("namespace", namespace, "serviceaccount", Map.of("name", account, "uid", uid)));
        String token = issuer.sign(claims);
        known.put(
                token,
                Map.of(
                        "authenticated",
                        true,
                        "user",
                        Map.of("username", user, "uid", uid),
                        "audiences",
                        List.of(audience)));
        return token;
    }

    /** From now on the token's pod is gone. */
    void forget(String token) {
        known.remove(token);
    }

    private void review(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean trusted =
                    ("Bearer " + reviewer).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            JsonNode asked = RawVault.JSON.readTree(exchange.getRequestBody());
            Map<String, ?> status =
                    known.getOrDefault(asked.at("/spec/token").asText(), Map.of("authenticated", false));
            Map<String, ?> answer = trusted
                    ? Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenReview", "status", status)
                    : Map.of("kind", "Status", "status", "Failure", "reason", "Unauthorized", "code", 401);
            byte[] body = RawVault.JSON.writeValueAsString(answer).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(trusted ? 201 : 401, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
