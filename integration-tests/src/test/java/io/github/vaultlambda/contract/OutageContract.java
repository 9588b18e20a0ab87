package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultSealedException;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Vault is there and says no, or is not there at all. */
interface OutageContract {
    Bench bench();

    @Test
    default void sealedVaultRefusesTheLogin() {
        ContractSession session = bench().session(bench().config().maxRetries(2));
        bench().engine().seal();
        try {
            VaultSealedException sealed = failureOf(VaultSealedException.class, session::token);
            assertThat(sealed.status()).isEqualTo(503);
            assertThat(sealed.path()).isEqualTo("auth/aws/login");
            assertThat(sealed.hint()).contains("unseal");
            assertThat(session.logins()).as("one try and two more").isEqualTo(3);
            assertThat(session.waits()).hasSize(2);
        } finally {
            bench().engine().unseal();
        }
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
    }

    @Test
    default void sealedVaultRefusesTheReadAndKeepsTheToken() {
        ContractSession session = bench().session(bench().config().maxRetries(1));
        session.read(Bench.SECRET);
        bench().engine().seal();
        try {
            VaultSealedException sealed = failureOf(VaultSealedException.class, () -> session.read(Bench.SECRET));
            assertThat(sealed.path()).isEqualTo(Bench.SECRET);
            assertThat(session.waits()).hasSize(1);
        } finally {
            bench().engine().unseal();
        }
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.logins()).isEqualTo(1);
    }

    @Test
    default void unreachableVaultIsUnavailable() throws IOException {
        URI nobody = URI.create("http://127.0.0.1:" + closedPort());
        ContractSession session =
                bench().session(bench().config().address(nobody).maxRetries(1));
        VaultUnavailableException unavailable =
                failureOf(VaultUnavailableException.class, () -> session.read(Bench.SECRET));
        assertThat(unavailable.status()).isZero();
        assertThat(unavailable.getMessage()).contains(nobody.toString(), "refused the connection");
        assertThat(unavailable.hint()).contains("VAULT_ADDR");
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.waits()).hasSize(1);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
