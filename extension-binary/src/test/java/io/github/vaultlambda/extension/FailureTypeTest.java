package io.github.vaultlambda.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultResponseException;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureTypeTest {
    private static final VaultFailure FAILURE = VaultFailure.of("it failed");

    @Test
    void everyFailureOfARequestHasATypeThatIsNoFaultOfOurs() {
        assertThat(FailureType.of(new VaultUnavailableException(FAILURE))).isEqualTo("Extension.VaultUnavailable");
        assertThat(FailureType.of(new VaultRequestException(FAILURE))).isEqualTo("Extension.VaultRequestFailed");
        assertThat(FailureType.of(new VaultResponseException(FAILURE))).isEqualTo("Extension.VaultRequestFailed");
    }

    @Test
    void aFailureOfItsOwnSaysWhichItIs() {
        ExtensionException own = new ExtensionException(FailureType.NO_EVENT, "none", new IOException("gone"));

        assertThat(FailureType.of(own)).isEqualTo("Extension.NextEventFailed");
        assertThat(FailureType.of(new IllegalStateException("broken"))).isEqualTo("Extension.InternalError");
    }
}
