package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssumeRoleOptionsTest {
    @Test
    void defaultsAreThoseOfHashicorpsExtension() {
        AssumeRoleOptions options = AssumeRoleOptions.defaults();

        assertThat(options.sessionName()).isEqualTo("vault_auth");
        assertThat(options.externalId()).isNull();
        assertThat(options.duration()).isNull();
    }

    @Test
    void eachChangeIsACopy() {
        AssumeRoleOptions changed = AssumeRoleOptions.defaults()
                .withSessionName("orders")
                .withExternalId("partner:42")
                .withDuration(Duration.ofHours(12));

        assertThat(changed.sessionName()).isEqualTo("orders");
        assertThat(changed.externalId()).isEqualTo("partner:42");
        assertThat(changed.duration()).isEqualTo(Duration.ofHours(12));
        assertThat(AssumeRoleOptions.defaults().sessionName()).isEqualTo("vault_auth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "with space", "slash/"})
    void aSessionNameThatAwsRefusesIsRefusedHere(String name) {
        assertThatThrownBy(() -> AssumeRoleOptions.defaults().withSessionName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("session name");
    }

    @Test
    void anExternalIdIsNotQuoted() {
        String id = TestSecrets.mint("partner ");

        assertThatThrownBy(() -> AssumeRoleOptions.defaults().withExternalId(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(TestSecrets.MARKER);
        assertThat(AssumeRoleOptions.defaults()
                        .withExternalId(id.replace(' ', '-'))
                        .toString())
                .doesNotContain(TestSecrets.MARKER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT14M59S", "PT12H1S", "PT0S"})
    void aDurationOutsideOfStsBoundsIsRefused(String duration) {
        assertThatThrownBy(() -> AssumeRoleOptions.defaults().withDuration(Duration.parse(duration)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
