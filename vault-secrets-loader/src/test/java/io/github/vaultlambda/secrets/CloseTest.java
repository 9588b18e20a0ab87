package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is ended at Vault, and in which order. */
class CloseTest {
    private final FakeVault vault = new FakeVault();
    private final List<String> ended = new ArrayList<>();

    @Test
    void theTokenIsRevokedAlthoughTheRevocationOfALeaseHangs() {
        vault.leased("database/creds/x", "database/creds/x/1", "{\"username\":\"u1\"}");
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .revokeOnClose(true)
                .build();
        LoginMethod login = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
                return new VaultToken(
                        SecretValue.of("hvs.n0tf0rl0gs"), "accessor", vault.instant(), Duration.ofHours(2), false);
            }

            @Override
            public String describe() {
                return "test";
            }
        };
        Platform platform = Platform.system().withClock(vault).withTransport(call -> {
            String path = call.uri().getPath();
            if (path.contains("revoke")) {
                ended.add(path);
            }
            if (path.endsWith("sys/leases/revoke")) {
                vault.advance(call.timeout());
                throw new SocketTimeoutException("no answer");
            }
            return vault.send(call);
        });
        VaultSecrets secrets = VaultSecrets.builder(VaultSession.of(config, login, platform))
                .revokeLeasesOnClose(true)
                .build();
        secrets.secret("database/creds/x#username").get();
        secrets.close(vault.soon());
        assertThat(ended).containsExactly("/v1/sys/leases/revoke", "/v1/auth/token/revoke-self");
    }
}
