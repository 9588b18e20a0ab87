package io.github.vaultlambda.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesLoginTest extends ScriptedLogin {
    private static final KubernetesOptions OPTIONS =
            KubernetesOptions.of("orders").withTokenSource(deadline -> SecretValue.of(SECRET));

    @TempDir
    Path folder;

    @Test
    void sendsRoleAndTheTokenOfTheFileAsItIsNow() throws IOException {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);
        Path file = Files.writeString(folder.resolve("token"), "first-n0tf0rl0gs\n");
        KubernetesLogin login = new KubernetesLogin(
                KubernetesOptions.of("orders").withTokenFile(file).withMount("eks/one"));

        login(login);
        Files.writeString(file, "second-n0tf0rl0gs");
        login(login);

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/eks/one/login");
        assertThat(json(0).text("role")).isEqualTo("orders");
        assertThat(json(0).text("jwt")).isEqualTo("first-n0tf0rl0gs");
        assertThat(json(1).text("jwt")).isEqualTo("second-n0tf0rl0gs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | invalid role name "orders" | a role that exists in auth/kubernetes/role
            403 | service account name not authorized | bound_service_account_names of auth/kubernetes/role/orders
            403 | namespace not authorized | bound_service_account_namespaces of auth/kubernetes/role/orders
            500 | could not load backend configuration | write auth/kubernetes/config with kubernetes_host
            403 | invalid audience (aud) claim: audience claim does not match any expected audience | audience of auth/kubernetes/role/orders
            403 | invalid issuer (iss) claim | issuer in auth/kubernetes/config
            403 | invalid expiration time (exp) claim: token is expired | one that Kubernetes keeps fresh
            403 | permission denied | or Kubernetes did not confirm the token: check token_reviewer_jwt
            404 | unsupported path | is the path of a Kubernetes auth method
            """)
    void saysWhatToFix(int status, String error, String hint) {
        VaultLoginException refused = refused(new KubernetesLogin(OPTIONS), status, error);

        assertThat(refused.hint()).contains(hint);
        assertThat(refused.mount()).isEqualTo("auth/kubernetes");
        assertThat(refused.errors()).containsExactly(error);
    }

    @Test
    void readsItsVariables() {
        assertThat(KubernetesOptions.read(settings("VAULT_AUTH_ROLE", "orders")))
                .hasToString("role orders at auth/kubernetes (Kubernetes, token from"
                        + " /var/run/secrets/kubernetes.io/serviceaccount/token)");
        assertThat(KubernetesOptions.read(settings(
                        "VAULT_AUTH_ROLE",
                        "orders",
                        "VAULT_AUTH_PROVIDER",
                        "eks",
                        "VAULT_KUBERNETES_TOKEN_FILE",
                        "/run/t")))
                .hasToString("role orders at auth/eks (Kubernetes, token from /run/t)");
        assertThat(faults(KubernetesOptions::read))
                .containsExactly(
                        "VAULT_AUTH_ROLE is missing: set it to the role of the Kubernetes auth method to log in as");
        assertThat(new KubernetesLogin(OPTIONS))
                .hasToString("role orders at auth/kubernetes (Kubernetes, token of the service account)");
    }
}
