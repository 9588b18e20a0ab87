package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultKubernetesTest extends VaultFixture {
    private static final TestJwt CLUSTER = TestJwt.rs256();
    private static final String GOOD =
            "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"system:serviceaccount:shop:orders\","
                    + "\"uid\":\"u-1\"}}}";

    private final List<HttpRequest> reviews = new CopyOnWriteArrayList<>();
    private volatile String review = GOOD;
    private final LoopbackServer cluster = LoopbackServer.start("kubernetes", 0, request -> {
        reviews.add(request);
        return HttpAnswer.of(201, "application/json", review);
    });

    @BeforeEach
    void enable() {
        vault.enableAuth("kubernetes", "kubernetes");
        vault.write(
                "auth/kubernetes/role/r",
                Map.of(
                        "bound_service_account_names", "orders,bill*",
                        "bound_service_account_namespaces", "shop",
                        "audience", "vault",
                        "token_policies", "p",
                        "token_ttl", 600));
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    private void configure(Map<String, ?> more) {
        Map<String, Object> config = new LinkedHashMap<>(more);
        config.putIfAbsent("kubernetes_host", cluster.uri().toString());
        vault.write("auth/kubernetes/config", config);
    }

    private Map<String, Object> claims(String name, String namespace) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> account = Map.of("name", name, "uid", "u-1");
        return Map.of(
                "aud",
                List.of("vault"),
                "exp",
                now + 600,
                "iat",
                now,
                "kubernetes.io",
                Map.of("namespace", namespace, "serviceaccount", account),
                "sub",
                "system:serviceaccount:" + namespace + ":" + name);
    }

    private Http.Reply login(String role, String jwt) throws Exception {
        return call(null, "POST", "auth/kubernetes/login", Map.of("role", role, "jwt", jwt));
    }

    @Test
    void asksTheCluster() throws Exception {
        configure(Map.of());
        String jwt = CLUSTER.sign(claims("orders", "shop"));

        Http.Reply reply = login("r", jwt);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("auth", "policies")).isEqualTo(List.of("default", "p"));
        assertThat(reply.text("auth", "metadata"))
                .isEqualTo("{role=r, service_account_name=orders, service_account_namespace=shop,"
                        + " service_account_secret_name=, service_account_uid=u-1}");
        Http.Reply self = call(reply.text("auth", "client_token"), "GET", "auth/token/lookup-self", null);
        assertThat(self.text("data", "display_name")).isEqualTo("kubernetes-shop-orders");
        HttpRequest asked = reviews.get(0);
        assertThat(asked.method() + " " + asked.path()).isEqualTo("POST /apis/authentication.k8s.io/v1/tokenreviews");
        assertThat(asked.headers().first("Authorization")).isEqualTo("Bearer " + jwt);
        assertThat(Json.readObject(asked.body()))
                .isEqualTo(Map.of("spec", Map.of("token", jwt, "audiences", List.of("vault"))));
    }

    @Test
    void asksWithTheReviewersToken() throws Exception {
        configure(Map.of("token_reviewer_jwt", "r.e.viewer"));
        login("r", CLUSTER.sign(claims("orders", "shop")));

        assertThat(reviews.get(0).headers().first("Authorization")).isEqualTo("Bearer r.e.viewer");
        assertThat(root("GET", "auth/kubernetes/config", null).body()).doesNotContain("r.e.viewer");
    }

    @Test
    void refusesWhatTheClusterRefuses() throws Exception {
        configure(Map.of());
        String jwt = CLUSTER.sign(claims("orders", "shop"));

        for (String bad : List.of(
                GOOD.replace("true", "false"),
                GOOD.replace("u-1", "u-2"),
                GOOD.replace("shop:orders", "shop:other"),
                "{\"status\":{\"error\":\"expired\"}}",
                "no JSON")) {
            review = bad;
            assertFails(login("r", jwt), 403, "permission denied");
        }
        cluster.close();
        assertFails(login("r", jwt), 403, "permission denied");
    }

    @Test
    void verifiesWithItsKeys() throws Exception {
        configure(Map.of("pem_keys", CLUSTER.publicPem(), "kubernetes_host", "kubernetes.default.svc"));

        assertThat(login("r", CLUSTER.sign(claims("orders", "shop"))).status()).isEqualTo(200);
        assertFails(login("r", TestJwt.rs256().sign(claims("orders", "shop"))), 403, "permission denied");
        assertFails(login("r", "abc"), 403, "permission denied");
        assertThat(reviews).isEmpty();
    }

    @Test
    void bindsNamesNamespacesAudienceAndTime() throws Exception {
        configure(Map.of("pem_keys", CLUSTER.publicPem()));
        review = GOOD.replace("shop:orders", "shop:billing");

        assertThat(login("r", CLUSTER.sign(claims("billing", "shop"))).status()).isEqualTo(200);
        assertFails(login("r", CLUSTER.sign(claims("other", "shop"))), 403, "service account name not authorized");
        assertFails(login("r", CLUSTER.sign(claims("orders", "other"))), 403, "namespace not authorized");
        Map<String, Object> wrong = new LinkedHashMap<>(claims("orders", "shop"));
        wrong.put("aud", "other");
        assertFails(
                login("r", CLUSTER.sign(wrong)),
                403,
                "invalid audience (aud) claim: audience claim does not match any expected audience");
        String old = CLUSTER.sign(claims("orders", "shop"));
        clock.advance(Duration.ofMinutes(12));
        assertFails(login("r", old), 403, "invalid expiration time (exp) claim: token is expired");
    }

    @Test
    void readsTokensOfTheOlderKind() throws Exception {
        configure(Map.of("pem_keys", CLUSTER.publicPem(), "kubernetes_host", "none"));
        vault.write(
                "auth/kubernetes/role/old",
                Map.of("bound_service_account_names", "*", "bound_service_account_namespaces", "*"));
        String start = "kubernetes.io/serviceaccount/";

        Http.Reply reply = login(
                "old",
                CLUSTER.sign(Map.of(
                        start + "service-account.name", "a",
                        start + "service-account.uid", "u",
                        start + "namespace", "n",
                        start + "secret.name", "s")));

        assertThat(reply.text("auth", "metadata"))
                .isEqualTo("{role=old, service_account_name=a, service_account_namespace=n,"
                        + " service_account_secret_name=s, service_account_uid=u}");
    }

    @Test
    void checksTheRole() throws Exception {
        assertFails(login("r", "x"), 500, "could not load backend configuration");
        configure(Map.of());
        assertFails(login("nope", "x"), 400, "invalid role name \"nope\"");
        assertFails(call(null, "POST", "auth/kubernetes/login", Map.of()), 400, "missing role");
        assertFails(call(null, "POST", "auth/kubernetes/login", Map.of("role", "r")), 400, "missing jwt");
        assertFails(root("POST", "auth/kubernetes/config", Map.of()), 400, "no host provided");
        assertFails(
                root("POST", "auth/kubernetes/role/x", Map.of()),
                400,
                "\"bound_service_account_names\" can not be empty");
        assertFails(
                root("POST", "auth/kubernetes/role/x", Map.of("bound_service_account_names", "a,*")),
                400,
                "can not mix \"*\" with values");
        assertThat(root(
                                "POST",
                                "auth/kubernetes/role/x",
                                Map.of("bound_service_account_names", "a", "bound_service_account_namespaces", "b"))
                        .at("warnings"))
                .isEqualTo(List.of("This role does not specify an audience. In a future version of Vault, specifying an"
                        + " audience will be required."));
    }
}
