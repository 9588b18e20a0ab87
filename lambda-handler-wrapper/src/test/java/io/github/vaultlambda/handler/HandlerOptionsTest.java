package io.github.vaultlambda.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerOptionsTest {
    @Test
    void theDefaultsFailAnInvocationAndReadAhead() {
        HandlerOptions options = HandlerOptions.defaults();

        assertThat(options.onFailure()).isEqualTo(FailurePolicy.FAIL);
        assertThat(options.restore()).isEqualTo(RestorePolicy.LAZY);
        assertThat(options.prefetch()).isTrue();
        assertThat(options.reserve()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void eachCanBeChangedWithoutTheOthers() {
        HandlerOptions options = HandlerOptions.defaults()
                .withOnFailure(FailurePolicy.CONTINUE)
                .withRestore(RestorePolicy.LOGIN)
                .withPrefetch(false)
                .withReserve(Duration.ofSeconds(1));

        assertThat(options.onFailure()).isEqualTo(FailurePolicy.CONTINUE);
        assertThat(options.restore()).isEqualTo(RestorePolicy.LOGIN);
        assertThat(options.prefetch()).isFalse();
        assertThat(options.reserve()).isEqualTo(Duration.ofSeconds(1));
        assertThat(HandlerOptions.defaults().prefetch()).isTrue();
    }

    @Test
    void aNegativeReserveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandlerOptions.defaults().withReserve(Duration.ofMillis(-1)))
                .withMessage("reserve is negative");
    }

    @Test
    void variablesSayTheSame() {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(
                "VAULT_HANDLER_ON_FAILURE", " Continue ",
                "VAULT_HANDLER_RESTORE", "LOGIN",
                "VAULT_HANDLER_PREFETCH", "false",
                "VAULT_HANDLER_RESERVE", "250ms"));
        HandlerOptions options = HandlerOptions.read(settings);

        assertThatCode(settings::rejectFaults).doesNotThrowAnyException();
        assertThat(options.onFailure()).isEqualTo(FailurePolicy.CONTINUE);
        assertThat(options.restore()).isEqualTo(RestorePolicy.LOGIN);
        assertThat(options.prefetch()).isFalse();
        assertThat(options.reserve()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void withoutVariablesTheyAreTheDefaults() {
        HandlerOptions options = HandlerOptions.read(EnvironmentSettings.of(Map.of("VAULT_HANDLER_RESTORE", " ")));

        assertThat(options.onFailure()).isEqualTo(FailurePolicy.FAIL);
        assertThat(options.restore()).isEqualTo(RestorePolicy.LAZY);
        assertThat(options.prefetch()).isTrue();
        assertThat(options.reserve()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void faultsAreGathered() {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(
                "VAULT_HANDLER_ON_FAILURE", "ignore",
                "VAULT_HANDLER_RESTORE", "early",
                "VAULT_HANDLER_PREFETCH", "perhaps",
                "VAULT_HANDLER_RESERVE", "100"));
        HandlerOptions.read(settings);

        assertThatThrownBy(settings::rejectFaults)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_HANDLER_ON_FAILURE is \"ignore\": write fail or continue")
                .hasMessageContaining("VAULT_HANDLER_RESTORE is \"early\": write lazy or login")
                .hasMessageContaining("VAULT_HANDLER_PREFETCH is \"perhaps\"")
                .hasMessageContaining("VAULT_HANDLER_RESERVE is \"100\"");
    }
}
