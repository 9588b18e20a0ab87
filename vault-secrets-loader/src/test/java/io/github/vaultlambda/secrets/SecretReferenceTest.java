package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretReferenceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "secret/data/orders/db|secret/data/orders/db||",
                "secret/data/orders/db#password|secret/data/orders/db||password",
                "secret/data/db?version=3|secret/data/db|3|",
                "secret/data/db?version=3#password|secret/data/db|3|password",
                "` secret/data/db#password `|secret/data/db||password",
                "/secret/data/db|secret/data/db||",
                "///secret//data///db|secret/data/db||",
                "v1/secret/data/db|secret/data/db||",
                "/v1/secret/data/db|secret/data/db||",
                "v1x/db|v1x/db||",
                "secret/v1/db|secret/v1/db||",
                "db|db||",
                "secret/a b%2F+ü|secret/a b%2F+ü||",
                "secret/...|secret/...||",
                "secret/db#a.b.c|secret/db||a.b.c",
                "secret/db#a#b|secret/db||a#b",
                "secret/db#what?|secret/db||what?",
                "secret/db#a/b|secret/db||a/b",
            })
    void parses(String text, String path, @Nullable Integer version, @Nullable String field) {
        SecretReference reference = SecretReference.parse(text);

        assertThat(reference.source().path()).isEqualTo(path);
        assertThat(reference.source().version()).isEqualTo(version);
        assertThat(reference.field()).isEqualTo(field);
        String plain = path + (version == null ? "" : "?version=" + version) + (field == null ? "" : "#" + field);
        assertThat(reference)
                .hasToString(plain)
                .isEqualTo(SecretReference.parse(plain))
                .hasSameHashCodeAs(SecretReference.parse(plain));
        VaultRequest request = reference.source().request(reference.path());
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo(path);
        assertThat(request.query()).isEqualTo(version == null ? Map.of() : Map.of("version", version.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the path of a secret is missing",
                "' '|the path of a secret is missing",
                "/|the path of a secret is missing",
                "v1/|the path of a secret is missing",
                "secret/|the path of a secret is missing",
                "secret/data/#password|the path of a secret is missing",
                "#password|the path of a secret is missing",
                "?version=1|the path of a secret is missing",
                "secret/db#|there is no field after #",
                "'secret/db# '|there is no field after #",
                "secret/../sys/raw|a path has no dot segments",
                "../secret|a path has no dot segments",
                "secret/./db|a path has no dot segments",
                "secret/..|a path has no dot segments",
                "secret/db?|after ? come parameters such as version=3, with & between them",
                "secret/db?version|after ? come parameters such as version=3, with & between them",
                "secret/db?version=|version=N has N from 1",
                "secret/db?version=0|version=N has N from 1",
                "secret/db?version=-1|version=N has N from 1",
                "secret/db?version=x|version=N has N from 1",
                "secret/db?version=99999999999|version=N has N from 1",
                "secret/db?version=1&version=2|the parameter version is there twice",
                "secret/db?version=1&kv=1|a KV v1 engine has no versions",
                "secret/db?kv=3|kv=N has 1 or 2 as N",
                "secret/db?kv=1&kv=1|the parameter kv is there twice",
                "secret/db?wrap_ttl=|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=0s|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=1d|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=99999999999s|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=999999999h|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=1s&wrap_ttl=1s|the parameter wrap_ttl is there twice",
                "secret/db?&|after ? come parameters such as version=3, with & between them",
                "secret/db?version=1&|after ? come parameters such as version=3, with & between them",
            })
    void refuses(String text, String why) {
        assertThatThrownBy(() -> SecretReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is no reference to a secret: " + why
                        + "; write one such as secret/data/orders/db#password");
    }

    @Test
    void comparesAllParts() {
        SecretReference reference = SecretReference.parse("secret/db?version=1#a");

        assertThat(reference)
                .isNotEqualTo(SecretReference.parse("secret/db?version=2#a"))
                .isNotEqualTo(SecretReference.parse("secret/db#a"))
                .isNotEqualTo(SecretReference.parse("secret/db?version=1#b"))
                .isNotEqualTo(SecretReference.parse("secret/db?version=1"))
                .isNotEqualTo(SecretReference.parse("secret/other?version=1#a"));
        assertThat(reference.equals((Object) "secret/db?version=1#a")).isFalse();
        assertThat(reference.source())
                .isEqualTo(SecretReference.parse("secret/db?version=1#b").source())
                .isNotEqualTo(SecretReference.parse("secret/db?version=2").source())
                .isNotEqualTo(SecretReference.parse("secret/db").source());
        assertThat(reference.source().equals((Object) "secret/db")).isFalse();
    }
}
