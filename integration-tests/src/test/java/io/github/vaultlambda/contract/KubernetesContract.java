package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.login.JwtSource;
import io.github.vaultlambda.auth.login.KubernetesLogin;
import io.github.vaultlambda.auth.login.KubernetesOptions;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Logins with the token of a Kubernetes service account, which Vault lets the cluster confirm. */
interface KubernetesContract {
    Bench bench();

    @Test
    default void serviceAccountLogsIn() {
        ContractSession session = session(OtherMethods.ROLE, cluster().tokenOf("orders", "shop"));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.token().ttl()).hasHours(1);
    }

    @Test
    default void tokenThatTheClusterDoesNotConfirmIsRefused() {
        String token = cluster().tokenOf("orders", "shop");
        cluster().forget(token);
        VaultLoginException refused = refused(403, session(OtherMethods.ROLE, token));
        assertThat(refused.errors()).containsExactly("permission denied");
        assertThat(refused.hint()).contains("token_reviewer_jwt", "VAULT_AUTH_PROVIDER");
    }

    @Test
    default void tokenOfAnotherClusterIsRefused() {
        try (KubernetesCluster other = KubernetesCluster.start("127.0.0.1", JwtIssuer.named("stranger"))) {
            VaultLoginException refused = refused(403, session(OtherMethods.ROLE, other.tokenOf("orders", "shop")));
            assertThat(refused.errors()).containsExactly("permission denied");
        }
    }

    @Test
    default void otherServiceAccountIsRefused() {
        VaultLoginException refused =
                refused(403, session(OtherMethods.ROLE, cluster().tokenOf("billing", "shop")));
        assertThat(refused.errors()).containsExactly("service account name not authorized");
        assertThat(refused.hint()).contains("bound_service_account_names", "auth/kubernetes/role/orders");
    }

    @Test
    default void otherKubernetesNamespaceIsRefused() {
        VaultLoginException refused =
                refused(403, session(OtherMethods.ROLE, cluster().tokenOf("orders", "other")));
        assertThat(refused.errors()).containsExactly("namespace not authorized");
        assertThat(refused.hint()).contains("bound_service_account_namespaces");
    }

    @Test
    default void expiredServiceAccountTokenIsRefused() {
        VaultLoginException refused = refused(
                403,
                session(OtherMethods.ROLE, cluster().tokenOf("orders", "shop", KubernetesCluster.AUDIENCE, -3600)));
        assertThat(refused.getMessage()).contains("token is expired");
        assertThat(refused.hint()).contains("expired");
    }

    @Test
    default void serviceAccountTokenForOthersIsRefused() {
        VaultLoginException refused =
                refused(403, session(OtherMethods.ROLE, cluster().tokenOf("orders", "shop", "others", 600)));
        assertThat(refused.getMessage()).contains("audience");
        assertThat(refused.hint()).contains("audience of auth/kubernetes/role/orders");
    }

    @Test
    default void unknownKubernetesRoleIsRefused() {
        VaultLoginException refused = refused(400, session("nobody", cluster().tokenOf("orders", "shop")));
        assertThat(refused.errors()).containsExactly("invalid role name \"nobody\"");
        assertThat(refused.hint()).contains("VAULT_AUTH_ROLE");
    }

    private KubernetesCluster cluster() {
        KubernetesCluster cluster = bench().methods().cluster();
        if (cluster == null) {
            return Assumptions.abort("Vault cannot reach this machine, so there is no cluster that it could ask");
        }
        return cluster;
    }

    private ContractSession session(String role, String token) {
        return bench().session(new KubernetesLogin(
                KubernetesOptions.of(role).withTokenSource(JwtSource.of(SecretValue.of(token)))));
    }

    private static VaultLoginException refused(int status, ContractSession session) {
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.mount()).isEqualTo("auth/kubernetes");
        assertThat(refused.path()).isEqualTo("auth/kubernetes/login");
        assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(1);
        return refused;
    }
}
