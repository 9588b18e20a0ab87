package io.github.vaultlambda.secrets.variables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.secrets.SecretFormatException;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** References to secrets in the values of variables. */
class SecretVariablesTest {
    private final FakeVault vault = new FakeVault()
            .kv2("secret/data/db", 1, "{\"user\":\"app\",\"password\":\"p}$w\",\"port\":5432,\"tls\":{\"key\":\"k\"}}")
            .kv1("kv/other", "{\"a\":\"b\"}");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "vault:secret/data/db#user, app",
                "vault:/v1/secret/data/db#tls.key, k",
                "vault:secret/data/db#port, 5432",
                "${vault:secret/data/db#user}, app",
                "postgres://${vault:secret/data/db#user}:${vault:secret/data/db#password}@db/x, postgres://app:p}$w@db/x",
                "${vault:secret/data/db#user}${vault:secret/data/db#user}, appapp",
                "$${vault:a/b} ${vault:secret/data/db#user} ${HOME} $$, ${vault:a/b} app ${HOME} $$",
                "$${vault:a/b}, ${vault:a/b}",
                "vault:kv/other, \"{\"\"a\"\":\"\"b\"\"}\"",
                "<${vault:kv/other}>, \"<{\"\"a\"\":\"\"b\"\"}>\"",
            })
    void putsSecretsInThePlacesOfReferences(String value, String expected) {
        assertThat(resolve(Map.of("X", value))).containsExactly(entry("X", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "${HOME}", "my vault:secret/data/db", "vault:8200", "VAULT:a/b", "$vault:a/b"})
    void leavesEverythingElseAloneAndAsksNobody(String value) {
        Map<String, String> environment = new HashMap<>(Map.of("X", value, "Y", "z"));
        assertThat(resolve(environment)).isSameAs(environment);
        assertThat(vault.logins()).isZero();
        assertThat(vault.reads()).isEmpty();
    }

    @Test
    void readsEachSecretOnceAndKeepsOrderAndOthers() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/bin");
        environment.put("B", "vault:secret/data/db#user");
        environment.put("A", "vault:secret/data/db#port");
        environment.put("C", "${vault:kv/other#a}");
        environment.put("D", "${vault:secret/data/db#user}!");
        Map<String, String> before = Map.copyOf(environment);
        assertThat(resolve(environment))
                .containsExactly(
                        entry("PATH", "/bin"),
                        entry("B", "app"),
                        entry("A", "5432"),
                        entry("C", "b"),
                        entry("D", "app!"));
        assertThat(vault.reads()).containsExactlyInAnyOrder("secret/data/db", "kv/other");
        assertThat(vault.logins()).isOne();
        assertThat(environment).isEqualTo(before);
    }

    @Test
    void namesAllFaultsAtOnceAndNoValue() {
        vault.at("kv/denied", 403, "{\"errors\":[\"permission denied\"]}");
        vault.kv1("kv/nul", "{\"k\":\"n0tf0rl0gs\\u0000\"}");
        Map<String, String> environment = Map.of(
                "A_MALFORMED", "vault:secret/data/db?ttl#x",
                "B_OPEN", "n0tf0rl0gs ${vault:secret/data/db#user",
                "C_MISSING", "vault:kv/missing#k",
                "D_DENIED", "vault:kv/denied",
                "E_FIELD", "vault:secret/data/db#nofield",
                "F_OBJECT", "n0tf0rl0gs ${vault:secret/data/db#tls} ${vault:kv/missing}",
                "G_NUL", "vault:kv/nul#k",
                "H_GOOD", "vault:secret/data/db#user");
        assertThatThrownBy(() -> resolve(environment))
                .hasMessageStartingWith("References to secrets in variables have 8 faults: (1) A_MALFORMED: ")
                .hasMessageNotContaining("n0tf0rl0gs")
                .hasMessageNotContaining("\n")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Object::getClass)
                        .containsExactly(
                                VaultNotFoundException.class,
                                VaultPermissionException.class,
                                SecretFormatException.class,
                                VaultNotFoundException.class))
                .asInstanceOf(type(SecretVariablesException.class))
                .satisfies(failure -> assertThat(failure.faults())
                        .satisfiesExactly(
                                fault -> {
                                    assertThat(fault.variable()).isEqualTo("A_MALFORMED");
                                    assertThat(fault.reference()).isNull();
                                    assertThat(fault.reason()).contains("is no reference to a secret");
                                },
                                fault -> assertThat(fault.reason()).contains("no } that ends ${vault:"),
                                fault -> {
                                    assertThat(fault.variable()).isEqualTo("C_MISSING");
                                    assertThat(fault.reference()).hasToString("kv/missing#k");
                                    assertThat(fault.reason()).contains("404");
                                },
                                fault -> assertThat(fault.reason()).contains("403"),
                                fault -> assertThat(fault.reason())
                                        .contains("secret/data/db#nofield does not exist")
                                        .contains("password"),
                                fault -> assertThat(fault.reason()).contains("secret/data/db#tls is no text"),
                                fault -> {
                                    assertThat(fault.variable()).isEqualTo("F_OBJECT");
                                    assertThat(fault.reference()).hasToString("kv/missing");
                                },
                                fault -> assertThat(fault.reason()).contains("NUL")));
    }

    @Test
    void tellsThatVaultIsOutOfReach() {
        vault.setDown(true);
        assertThatThrownBy(() -> resolve(Map.of("A", "vault:kv/other", "B", "vault:secret/data/db")))
                .isInstanceOf(SecretVariablesException.class)
                .hasMessageContaining("2 faults")
                .hasMessageContaining("did not answer");
    }

    private Map<String, String> resolve(Map<String, String> environment) {
        return SecretVariables.of(vault.secrets()).resolve(environment, vault.soon());
    }

    @Test
    void tellsWhatVariablesReferTo() {
        assertThat(SecretVariables.references(Map.of(
                        "B",
                        "x${vault:kv/a#b}y${vault:kv/c}",
                        "A",
                        "vault:kv/a",
                        "HOST",
                        "vault:8200",
                        "C",
                        "$${vault:stays}")))
                .hasToString("{A=[kv/a], B=[kv/a#b, kv/c], C=[]}");
        assertThatThrownBy(() -> SecretVariables.references(Map.of("A", "vault:", "B", "${vault:x")))
                .isInstanceOf(SecretVariablesException.class)
                .hasMessageContaining("2 faults");
    }
}
