package io.github.vaultlambda.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationsTest {
    private static final Map<String, String> ON_DEMAND = Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    private static final Duration TTL = Duration.ofMinutes(1);

    private final ScriptedVault vault = new ScriptedVault();
    private final VaultSecrets secrets = vault.secrets(TTL);
    private final Secret<String> password = secrets.secret("secret/data/db#password");

    @BeforeEach
    void store() {
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-old\"}");
        vault.kv2("secret/data/api", "{\"key\":\"n0tf0rl0gs-key\"}");
    }

    private Invocations invocations(HandlerOptions options) {
        return Invocations.of(secrets, options, List.of(password), ON_DEMAND);
    }

    @Test
    void readsTheSecretsOfTheHandlerWhenItIsMade() {
        Secret<String> key = secrets.secret("secret/data/api#key");
        Invocations.of(secrets, HandlerOptions.defaults(), List.of(password, key), ON_DEMAND);

        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void readsNothingAheadWhenThatIsNotWanted() {
        invocations(HandlerOptions.defaults().withPrefetch(false));

        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void readsNothingAheadOfASnapshot() {
        Invocations.of(
                secrets,
                HandlerOptions.defaults(),
                List.of(password),
                Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));

        assertThat(vault.calls()).isEmpty();
    }

    /** The time-out of a request is the client's 9 s, or what the invocation has left but for the reserve. */
    @ParameterizedTest
    @CsvSource({"60000, 9000", "9500, 9000", "9499, 8999", "1500, 1000", "501, 1"})
    void whatTheHandlerReadsByItselfIsBoundedToo(int remaining, long timeout) {
        Invocations invocations = invocations(
                HandlerOptions.defaults().withReserve(Duration.ofMillis(500)).withPrefetch(false));

        Invocation invocation = invocations.begin(new FakeContext(remaining));
        password.get();
        invocation.end();

        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofMillis(timeout));
        assertThat(invocations.deadline(new FakeContext(remaining)).remaining()).isEqualTo(Duration.ofMillis(timeout));
    }

    @Test
    void theBoundEndsWithTheInvocation() {
        Invocations invocations = invocations(HandlerOptions.defaults().withPrefetch(false));

        Invocation outer = invocations.begin(new FakeContext(5_100));
        Invocation inner = invocations.begin(new FakeContext(50));
        assertThatThrownBy(password::get).isInstanceOf(VaultUnavailableException.class);
        inner.end();
        inner.end(); // does nothing
        password.get();
        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(5));
        outer.end();
        password.refresh();
        vault.advance(TTL);
        password.get();
        assertThat(vault.calls().get(1).timeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void otherThreadsAreNotBounded() throws InterruptedException {
        Invocations invocations = invocations(HandlerOptions.defaults().withPrefetch(false));

        Invocation invocation = invocations.begin(new FakeContext(0));
        Thread thread = new Thread(password::get);
        thread.start();
        thread.join();
        invocation.end();

        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void aFailureIsThrownAsItIs() {
        VaultPermissionException refusal = refusal();

        assertThatThrownBy(() -> invocations(HandlerOptions.defaults()).failed(refusal))
                .isSameAs(refusal);
    }

    @Test
    void whoGoesOnThrowsNothing() {
        Invocations invocations = invocations(HandlerOptions.defaults().withOnFailure(FailurePolicy.CONTINUE));

        invocations.failed(refusal());
        invocations.failed(refusal());
        invocations.succeeded();
        invocations.succeeded();
        invocations.failed(refusal());

        assertThat(vault.calls()).hasSize(1);
    }

    private VaultPermissionException refusal() {
        ScriptedVault other = new ScriptedVault().at("secret/data/db", 403, "{\"errors\":[\"permission denied\"]}");
        try {
            other.secrets(TTL).secret("secret/data/db").get();
        } catch (VaultPermissionException e) {
            return e;
        }
        throw new AssertionError("not refused");
    }
}
