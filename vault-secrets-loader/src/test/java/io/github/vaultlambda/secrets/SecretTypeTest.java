package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretTypeTest {
    private final FakeVault vault = new FakeVault();
    private final VaultSecrets secrets = vault.secrets();

    record Login(String user, String password) {}

    /** A bean, which Jackson makes. */
    static final class Page<E> {
        public List<E> items = List.of();
    }

    @BeforeEach
    void fill() {
        vault.kv2(
                "secret/data/db",
                "{\"password\":\"n0tf0rl0gs\",\"ports\":[1,2],\"byName\":{\"a\":5},\"nothing\":null,"
                        + "\"logins\":[{\"user\":\"app\",\"password\":\"n0tf0rl0gs\"}],\"page\":{\"items\":[7]},"
                        + "\"key\":\"AQI=\"}");
    }

    private <T> T read(String field, SecretType<T> type) {
        return secrets.secret("secret/data/db#" + field, type).get();
    }

    @Test
    void listsMapsAndSetsOfATypeAreBound() {
        SecretType<Integer> number = SecretType.of(int.class);

        assertThat(read("ports", SecretType.<List<Integer>>of(List.class, number)))
                .containsExactly(1, 2);
        assertThat(read("ports", SecretType.<Set<Long>>of(Set.class, SecretType.of(Long.class))))
                .containsExactlyInAnyOrder(1L, 2L);
        assertThat(read("byName", SecretType.<Map<String, Integer>>of(Map.class, SecretType.of(String.class), number)))
                .isEqualTo(Map.of("a", 5));
        assertThat(read("logins", SecretType.<List<Login>>of(List.class, SecretType.of(Login.class))))
                .containsExactly(new Login("app", "n0tf0rl0gs"));
    }

    @Test
    void beansWithArgumentsAreBound() {
        Page<Long> page = read("page", SecretType.<Page<Long>>of(Page.class, SecretType.of(Long.class)));

        assertThat(page.items).containsExactly(7L);
    }

    @Test
    void anElementThatDoesNotFitIsNamedWithoutItsValue() {
        SecretType<Map<String, Integer>> type =
                SecretType.of(Map.class, SecretType.of(String.class), SecretType.of(Integer.class));

        assertThatThrownBy(() -> secrets.secret("secret/data/db", type).get())
                .isInstanceOf(SecretFormatException.class)
                .hasMessage("secret/data/db does not fit java.util.Map: password is no Integer");
    }

    @Test
    void whatNeedNotBeThereIsEmptyWithoutSecretFieldOrValue() {
        SecretType<Optional<String>> type = SecretType.of(Optional.class, SecretType.of(String.class));

        assertThat(secrets.secret("secret/data/db#password", type).get()).contains("n0tf0rl0gs");
        assertThat(secrets.secret("secret/data/db#missing", type).get()).isEmpty();
        assertThat(secrets.secret("secret/data/db#nothing", type).get()).isEmpty();
        assertThat(secrets.secret("secret/data/absent#password", type).get()).isEmpty();
        assertThat(secrets.secret("secret/data/absent", type).state().value()).isEmpty();
        assertThat(secrets.secret("secret/data/absent", type).refresh()).isEmpty();
        assertThat(secrets.secret("secret/data/db#nothing", type)).hasToString("Secret[secret/data/db#nothing]");
    }

    @Test
    void whatNeedNotBeThereMustFitWhenItIs() {
        SecretType<Optional<Integer>> type = SecretType.of(Optional.class, SecretType.of(Integer.class));
        vault.at("secret/data/forbidden", 403, "{\"errors\":[\"permission denied\"]}");

        assertThatThrownBy(() -> secrets.secret("secret/data/db#password", type).get())
                .isInstanceOf(SecretFormatException.class)
                .hasMessage("secret/data/db#password is no Integer");
        assertThatThrownBy(() -> secrets.secret("secret/data/forbidden#x", type).get())
                .isInstanceOf(VaultPermissionException.class);
    }

    @Test
    void whatNeedNotBeThereComesAndGoes() {
        SecretType<Optional<String>> type = SecretType.of(Optional.class, SecretType.of(String.class));
        Secret<Optional<String>> secret = secrets.secret("secret/data/later#x", type);
        assertThat(secret.get()).isEmpty();

        vault.kv2("secret/data/later", "{\"x\":\"n0tf0rl0gs\"}");
        assertThat(secret.get()).contains("n0tf0rl0gs");
        assertThat(secret.get()).isSameAs(secret.get());

        vault.kv2("secret/data/later", 2, "{\"y\":1}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(secret.get()).isEmpty();

        vault.at("secret/data/later", 404, "{\"errors\":[]}");
        vault.advance(Duration.ofMinutes(2));
        assertThat(secret.get()).isEmpty();
        assertThatThrownBy(() -> secrets.secret("secret/data/later#y").get())
                .isInstanceOf(VaultNotFoundException.class);
    }

    @Test
    void eachUseGetsAnArrayOfItsOwn() {
        SecretType<Optional<byte[]>> type = SecretType.of(Optional.class, SecretType.of(byte[].class));
        Secret<Optional<byte[]>> key = secrets.secret("secret/data/db#key", type);

        key.get().orElseThrow()[0] = 0;

        assertThat(key.get().orElseThrow()).containsExactly(1, 2);
    }

    @Test
    void typesAreComparedAndShownAsInJava() {
        SecretType<Map<String, List<Integer>>> type = SecretType.of(
                Map.class,
                SecretType.of(String.class),
                SecretType.<List<Integer>>of(List.class, SecretType.of(Integer.class)));

        assertThat(type).hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
        assertThat(type)
                .isEqualTo(SecretType.of(
                        Map.class,
                        SecretType.of(String.class),
                        SecretType.<List<Integer>>of(List.class, SecretType.of(int.class))))
                .hasSameHashCodeAs(SecretType.of(
                        Map.class,
                        SecretType.of(String.class),
                        SecretType.<List<Integer>>of(List.class, SecretType.of(int.class))))
                .isNotEqualTo(SecretType.of(Map.class));
        assertThatThrownBy(() -> SecretType.of(Map.class, SecretType.of(String.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("java.util.Map has 2 type arguments, and not 1");
    }
}
