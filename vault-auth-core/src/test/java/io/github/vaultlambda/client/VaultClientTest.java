package io.github.vaultlambda.client;

import static io.github.vaultlambda.fakes.ScriptedTransport.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VaultClientTest {
    private static final String OK = "{\"data\":{\"k\":\"n0tf0rl0gs\"}}";
    private static final String DENIED = "{\"errors\":[\"permission denied\"]}";

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();
    private final Tokens tokens = new Tokens();

    /** Hands out numbered tokens, and logs in where it has none. */
    private final class Tokens implements TokenSource {
        final List<VaultToken> rejected = new ArrayList<>();
        int logins;

        @Nullable
        VaultToken current;

        @Nullable
        VaultException loginFailure;

        @Override
        public VaultToken token(Deadline deadline) {
            VaultToken token = current;
            if (token == null) {
                if (loginFailure != null) {
                    throw loginFailure;
                }
                logins++;
                token = new VaultToken(
                        SecretValue.of("hvs.n0tf0rl0gs." + logins),
                        "accessor-" + logins,
                        clock.instant(),
                        Duration.ofHours(1),
                        true);
                current = token;
            }
            return token;
        }

        @Override
        public void reject(VaultToken token) {
            rejected.add(token);
            current = null;
        }
    }

    private VaultClient client() {
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .build();
        return new VaultClient(new VaultEndpoint(config, vault.platform(clock)), tokens, Duration.ofSeconds(10));
    }

    /** A client whose token is from an earlier request. */
    private VaultClient clientWithOldToken() {
        VaultClient client = client();
        tokens.token(client.newDeadline());
        clock.advance(Duration.ofMinutes(1));
        return client;
    }

    private List<@Nullable String> tokensSent() {
        List<@Nullable String> sent = new ArrayList<>();
        vault.calls().forEach(call -> sent.add(call.headers().get("X-Vault-Token")));
        return sent;
    }

    @Test
    void readsWithTheSessionsToken() {
        vault.then(200, OK).then(200, OK);
        VaultClient client = client();

        assertThat(client.read("secret/data/db").status()).isEqualTo(200);
        client.read("secret/data/db");

        assertThat(tokensSent()).containsExactly("hvs.n0tf0rl0gs.1", "hvs.n0tf0rl0gs.1");
        assertThat(vault.call(0).timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(tokens.rejected).isEmpty();
    }

    @Test
    void aRefusalOfAnOldTokenHealsOnce() {
        vault.then(403, DENIED).then(200, OK);
        VaultClient client = clientWithOldToken();

        assertThat(client.read("secret/data/db").status()).isEqualTo(200);

        assertThat(tokensSent()).containsExactly("hvs.n0tf0rl0gs.1", "hvs.n0tf0rl0gs.2");
        assertThat(tokens.rejected).hasSize(1);
        assertThat(tokens.rejected.get(0).accessor()).isEqualTo("accessor-1");
    }

    @Test
    void aSecondRefusalIsTheAnswer() {
        vault.then(403, DENIED).then(403, "{\"errors\":[\"still denied\"]}");
        VaultClient client = clientWithOldToken();

        assertThatThrownBy(() -> client.read("secret/data/db"))
                .isInstanceOf(VaultPermissionException.class)
                .hasMessageContaining("still denied");

        assertThat(tokens.logins).isEqualTo(2);
        assertThat(vault.calls()).hasSize(2);
        assertThat(tokens.rejected).hasSize(1);
    }

    @Test
    void aPathThatIsRefusedToANewTokenCostsNoMoreLogins() {
        vault.otherwise(call -> call.uri().getPath().endsWith("/db") ? reply(200, OK) : reply(403, DENIED));
        VaultClient client = clientWithOldToken();

        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> client.read("secret/data/denied")).isInstanceOf(VaultPermissionException.class);
            clock.advance(Duration.ofSeconds(5));
        }

        assertThat(tokens.logins).isEqualTo(2);
        assertThat(vault.calls()).hasSize(6);
        assertThatThrownBy(() -> client.read("secret/data/other")).isInstanceOf(VaultPermissionException.class);
        assertThat(tokens.logins).as("another path may heal").isEqualTo(3);
    }

    @Test
    void pathsThatAreDeniedByTurnsCostOneLoginEach() {
        vault.otherwise(call -> reply(403, DENIED));
        VaultClient client = clientWithOldToken();

        for (int i = 0; i < 20; i++) {
            String path = "secret/data/denied-" + i % 2;
            assertThatThrownBy(() -> client.read(path)).isInstanceOf(VaultPermissionException.class);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(tokens.logins).as("the first one, and one for each path").isEqualTo(3);
    }

    @Test
    void aTokenThatDiesIsReplacedWhateverPathsAreDenied() {
        vault.otherwise(call -> reply(403, DENIED));
        VaultClient client = clientWithOldToken();
        assertThatThrownBy(() -> client.read("secret/data/denied")).isInstanceOf(VaultPermissionException.class);
        clock.advance(Duration.ofSeconds(1));
        vault.otherwise(call ->
                "hvs.n0tf0rl0gs.3".equals(call.headers().get("X-Vault-Token")) ? reply(200, OK) : reply(403, DENIED));

        assertThat(client.read("secret/data/db").status()).isEqualTo(200);
    }

    @Test
    void afterAMinuteARefusedPathIsTriedWithANewTokenAgain() {
        vault.otherwise(call -> reply(403, DENIED));
        VaultClient client = clientWithOldToken();
        assertThatThrownBy(() -> client.read("secret/data/denied")).isInstanceOf(VaultPermissionException.class);

        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> client.read("secret/data/denied")).isInstanceOf(VaultPermissionException.class);

        assertThat(tokens.logins).isEqualTo(3);
    }

    @Test
    void aQuestionBesideTheWayCostsNoLogin() {
        vault.then(403, DENIED).then(200, OK);
        VaultClient client = clientWithOldToken();
        VaultRequest question = VaultRequest.get("sys/internal/ui/mounts/secret");

        assertThatThrownBy(() -> client.sendUnhealed(question, client.newDeadline()))
                .isInstanceOf(VaultPermissionException.class);
        assertThat(client.sendUnhealed(question, client.newDeadline()).status()).isEqualTo(200);

        assertThat(tokensSent()).containsExactly("hvs.n0tf0rl0gs.1", "hvs.n0tf0rl0gs.1");
        assertThat(tokens.rejected).isEmpty();
    }

    @Test
    void aTokenMadeForThisRequestIsNotDropped() {
        vault.then(403, DENIED);
        VaultClient client = client();

        assertThatThrownBy(() -> client.read("secret/data/db")).isInstanceOf(VaultPermissionException.class);

        assertThat(tokens.logins).isEqualTo(1);
        assertThat(tokens.rejected).isEmpty();
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aLoginThatFailsThenReportsTheOriginalRefusal() {
        vault.then(403, DENIED);
        VaultClient client = clientWithOldToken();
        VaultException loginFailure = VaultUnavailableException.notInTime("auth/login", null);
        tokens.loginFailure = loginFailure;

        VaultPermissionException e =
                catchThrowableOfType(VaultPermissionException.class, () -> client.read("secret/data/db"));

        assertThat(e.errors()).containsExactly("permission denied");
        assertThat(e).hasSuppressedException(loginFailure);
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void otherFailuresDoNotTouchTheToken() {
        vault.then(404, "").then(400, "").then(200, "junk");
        VaultClient client = clientWithOldToken();

        assertThatThrownBy(() -> client.read("a")).isInstanceOf(VaultNotFoundException.class);
        assertThatThrownBy(() -> client.read("b")).isInstanceOf(VaultRequestException.class);
        assertThatThrownBy(() -> client.read("c")).isInstanceOf(VaultResponseException.class);

        assertThat(tokens.rejected).isEmpty();
        assertThat(tokens.logins).isEqualTo(1);
    }

    @Test
    void theSecondAttemptHasOnlyTheTimeThatIsLeft() {
        vault.then(call -> {
                    clock.advance(Duration.ofSeconds(4));
                    return ScriptedTransport.reply(403, DENIED);
                })
                .then(200, OK);
        VaultClient client = clientWithOldToken();

        client.read("secret/data/db");

        assertThat(vault.call(1).timeout()).isEqualTo(Duration.ofSeconds(6));
    }
}
