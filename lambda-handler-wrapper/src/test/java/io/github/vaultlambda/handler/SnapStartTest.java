package io.github.vaultlambda.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretType;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapStartTest {
    private static final Map<String, String> SNAP_START = Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    private static final Duration TTL = Duration.ofHours(1);

    private final ScriptedVault vault = new ScriptedVault();
    private final VaultSecrets secrets = vault.secrets(TTL);
    private final Secret<String> password = secrets.secret("secret/data/db#password");
    private final SnapStart hooks = new SnapStart();

    /** The runtime's context, of which the hooks need nothing. */
    private static final class NoContext extends org.crac.Context<Resource> {
        @Override
        public void register(Resource resource) {}

        @Override
        public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {}

        @Override
        public void afterRestore(org.crac.Context<? extends Resource> context) {}
    }

    @BeforeEach
    void store() {
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs\"}");
    }

    private void handler(RestorePolicy restore) {
        HandlerOptions options = HandlerOptions.defaults().withRestore(restore);
        hooks.add(Invocations.of(secrets, options, List.of(password), SNAP_START));
    }

    private void checkpoint() {
        hooks.beforeCheckpoint(new NoContext());
    }

    private void restore() {
        hooks.afterRestore(new NoContext());
    }

    @Test
    void nothingOfVaultIsTouchedBeforeTheSnapshot() {
        handler(RestorePolicy.LOGIN);
        checkpoint();

        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void whatAUserReadBeforeIsForgotten() {
        handler(RestorePolicy.LAZY);
        password.get();
        checkpoint();
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-new\"}");
        restore();
        assertThat(vault.calls()).hasSize(1);

        assertThat(password.get()).isEqualTo("n0tf0rl0gs-new");
    }

    @Test
    void secretsThatNoHandlerKnowsAreForgottenToo() {
        handler(RestorePolicy.LAZY);
        VaultSecrets own = vault.secrets(TTL);
        Secret<String> mine = own.secret("secret/data/db#password");
        mine.get();
        checkpoint();
        restore();

        mine.get();
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void whoWantsItLogsInAfterTheRestore() {
        handler(RestorePolicy.LOGIN);
        checkpoint();
        restore();
        assertThat(vault.calls()).hasSize(1);

        password.get();
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void whatIsReadAfterTheRestoreEndsBeforeLambdaEndsIt() {
        handler(RestorePolicy.LOGIN);
        restore();

        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aFailureAfterTheRestoreFailsNothing() {
        handler(RestorePolicy.LOGIN);
        vault.at("secret/data/db", 503, "");
        checkpoint();
        assertThatCode(this::restore).doesNotThrowAnyException();

        store();
        assertThat(password.get()).isEqualTo("n0tf0rl0gs");
    }

    @Test
    void aFaultInOursFailsNothing() {
        vault.at("secret/data/db", new Broken());
        handler(RestorePolicy.LOGIN);
        checkpoint();

        assertThatCode(this::restore).doesNotThrowAnyException();
        assertThat(Broken.CALLS).hasPositiveValue();
    }

    private static final class Broken implements HttpTransport {
        static final AtomicInteger CALLS = new AtomicInteger();

        @Override
        public Reply send(Call call) throws IOException {
            CALLS.incrementAndGet();
            throw new IllegalStateException("broken");
        }
    }

    static final class Primed implements RequestHandler<String, String> {
        @VaultSecret("secret/data/db#password")
        String password = "initial";

        @Override
        public String handleRequest(String input, Context context) {
            return password;
        }
    }

    /** As by a user's own hook, which calls the handler so that its classes are loaded. */
    @Test
    void whatAHandlerWasGivenIsTakenFromIt() {
        TestInjection.register(
                Primed.class,
                members -> members.value("secret/data/db#password", SecretType.of(String.class), true, -1),
                (handler, values) -> handler.password = (String) values.field(0, handler.password));
        Primed primed = new Primed();
        Decoration decoration = Decoration.of(primed, secrets, HandlerOptions.defaults(), List.of(), SNAP_START);
        hooks.add(decoration.invocations());
        decoration.begin(new FakeContext(60_000)).end();
        assertThat(primed.password).isEqualTo("n0tf0rl0gs");

        checkpoint();
        assertThat(primed.password).isEqualTo("initial");

        restore();
        decoration.begin(new FakeContext(60_000)).end();
        assertThat(primed.password).isEqualTo("n0tf0rl0gs");
    }

    @Test
    void theHooksAreEqualToNoOthers() {
        assertThat(new SnapStart()).isNotEqualTo(new SnapStart());
        assertThatCode(() -> SnapStart.class.getDeclaredMethod("equals", Object.class))
                .isInstanceOf(NoSuchMethodException.class);
    }

    @Test
    void aSecretOfABaseClassIsNotReadBeforeTheSnapshotEither() {
        Invocations invocations = Invocations.of(secrets, HandlerOptions.defaults(), List.of(), SNAP_START);
        invocations.add(password);
        hooks.add(invocations);
        checkpoint();

        assertThat(vault.calls()).isEmpty();
    }
}
