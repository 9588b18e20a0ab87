package io.github.vaultlambda.handler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandlerDecoratorTest {
    private static final Context AMPLE = new FakeContext(60_000);
    private static final Duration TTL = Duration.ofMinutes(1);

    private final ScriptedVault vault = new ScriptedVault();
    private final VaultSecrets secrets = vault.secrets(TTL);
    private final Secret<String> password = secrets.secret("secret/data/db#password");
    private final HandlerDecorator decorator = VaultHandler.of(secrets).secrets(password);
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void store() {
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-old\"}");
    }

    // What a user's class has.

    private String event(String event) {
        return event + " " + password.get();
    }

    private String eventAndContext(String event, Context context) {
        return event + " " + context.getRemainingTimeInMillis();
    }

    private String throwing(String event) throws IOException {
        throw new IOException(event);
    }

    private String throwingWithContext(String event, Context context) throws IOException {
        throw new IOException(event + context.getRemainingTimeInMillis());
    }

    private void consuming(String event) {
        seen.add(event);
    }

    private void consumingWithContext(String event, Context context) {
        seen.add(event + context.getRemainingTimeInMillis());
    }

    private void streams(InputStream input, OutputStream output) throws IOException {
        input.transferTo(output);
    }

    private void streamsAndContext(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(context.getRemainingTimeInMillis());
    }

    @Test
    void methodReferencesOfEveryFormAreTaken() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(decorator.wrap(this::event).handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-old");
        assertThat(decorator.wrap(this::eventAndContext).handleRequest("in", AMPLE))
                .isEqualTo("in 60000");
        assertThat(decorator.wrapVoid(this::consuming).handleRequest("a", AMPLE))
                .isNull();
        assertThat(decorator.wrapVoid(this::consumingWithContext).handleRequest("b", AMPLE))
                .isNull();
        assertThat(seen).containsExactly("a", "b60000");
        decorator.wrapStreams(this::streams).handleRequest(new ByteArrayInputStream("in".getBytes(UTF_8)), out, AMPLE);
        decorator.wrap(this::streamsAndContext).handleRequest(InputStream.nullInputStream(), out, new FakeContext('!'));
        assertThat(out.toString(UTF_8)).isEqualTo("in!");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers do who have no such check
    void nothingCannotBeDecorated() {
        HandlerMethod.Consuming<String> consuming = null;
        HandlerMethod.ConsumingWithContext<String> withContext = null;

        assertThatNullPointerException().isThrownBy(() -> decorator.wrapVoid(consuming));
        assertThatNullPointerException().isThrownBy(() -> decorator.wrapVoid(withContext));
        assertThatNullPointerException().isThrownBy(() -> decorator.wrapStreams(null));
        assertThatNullPointerException().isThrownBy(() -> decorator.wrapThrowing(null));
    }

    @Test
    void lambdasAreTaken() {
        RequestHandler<String, String> one = decorator.wrap(event -> event + password.get());
        RequestHandler<String, String> two = decorator.wrap((event, context) -> event + password.get());

        assertThat(one.handleRequest("1 ", AMPLE)).isEqualTo("1 n0tf0rl0gs-old");
        assertThat(two.handleRequest("2 ", AMPLE)).isEqualTo("2 n0tf0rl0gs-old");
    }

    @Test
    void whatAMethodThrowsIsThrownAsItIs() {
        assertThatThrownBy(() -> decorator.wrap(this::throwing).handleRequest("in", AMPLE))
                .isInstanceOf(IOException.class)
                .hasMessage("in");
        assertThatThrownBy(
                        () -> decorator.wrapThrowing(this::throwingWithContext).handleRequest("in", AMPLE))
                .isInstanceOf(IOException.class)
                .hasMessage("in60000");
        assertThatThrownBy(() -> decorator
                        .wrapStreams((in, out) -> {
                            throw new IllegalAccessException("streams");
                        })
                        .handleRequest(InputStream.nullInputStream(), OutputStream.nullOutputStream(), AMPLE))
                .isInstanceOf(IllegalAccessException.class);
    }

    @Test
    void theNamedSecretsAreReadAhead() {
        decorator.wrap(this::event);

        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void withoutItsSecretsTheHandlerIsNotCalled() {
        RequestHandler<String, Void> wrapped = decorator.wrapVoid(this::consuming);
        vault.advance(TTL);
        vault.at("secret/data/db", 503, "");

        assertThatThrownBy(() -> wrapped.handleRequest("in", AMPLE))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("secret/data/db");
        assertThat(seen).isEmpty();

        store();
        wrapped.handleRequest("in", AMPLE);
        assertThat(seen).containsExactly("in");
    }

    @Test
    void whoWantsGoesOnWithoutThem() {
        HandlerDecorator patient = decorator.options(HandlerOptions.defaults().withOnFailure(FailurePolicy.CONTINUE));
        RequestHandler<String, Void> wrapped = patient.wrapVoid(this::consuming);
        vault.advance(TTL);
        vault.at("secret/data/db", 503, "");

        wrapped.handleRequest("in", AMPLE);

        assertThat(seen).containsExactly("in");
    }

    @Test
    void theHandlersOwnReadsAreBoundedByTheInvocation() {
        Secret<String> other = secrets.secret("secret/data/db");
        RequestHandler<String, String> wrapped = VaultHandler.of(secrets).wrap((String event) -> other.get());
        wrapped.handleRequest("in", new FakeContext(1_100));

        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(1));
        vault.advance(TTL);
        other.get();
        assertThat(vault.calls().get(1).timeout()).as("after the invocation").isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void theBoundEndsWhenTheHandlerFails() {
        RequestHandler<String, String> wrapped = decorator.wrap(this::throwing);
        assertThatThrownBy(() -> wrapped.handleRequest("in", new FakeContext(0)))
                .isInstanceOf(IOException.class);
        vault.advance(TTL);
        assertThatThrownBy(() -> wrapped.handleRequest("in", new FakeContext(0)))
                .isInstanceOf(VaultUnavailableException.class);

        password.get();
        assertThat(vault.calls().get(1).timeout()).isEqualTo(Duration.ofSeconds(9));
    }

    record Login(String password) {}

    static final class Orders extends VaultRequestHandler<String, String> {
        private final Secret<String> password = secret("secret/data/db#password");
        private final Secret<Login> whole = secret("secret/data/db", Login.class);

        Orders(VaultSecrets vault, HandlerOptions options) {
            super(vault, options);
        }

        @Override
        protected String handle(String input, Context context) {
            return input + " " + password.get() + " " + whole.get().password().length();
        }
    }

    static final class OrdersStream extends VaultRequestStreamHandler {
        private final Secret<String> password = secret("secret/data/db#password");

        OrdersStream(VaultSecrets vault) {
            super(vault);
        }

        @Override
        protected void handle(InputStream input, OutputStream output, Context context) throws IOException {
            output.write(password.get().getBytes(UTF_8));
        }
    }

    @Test
    void aBaseClassReadsItsSecretsOnce() {
        Orders orders = new Orders(secrets, HandlerOptions.defaults());

        assertThat(orders.handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-old 14");
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aBaseClassBoundsItsReadsByTheInvocation() {
        Orders orders = new Orders(secrets, HandlerOptions.defaults().withPrefetch(false));
        assertThat(vault.calls()).isEmpty();
        orders.handleRequest("in", new FakeContext(2_100));

        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aBaseClassOfStreamsDoesTheSame() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new OrdersStream(secrets).handleRequest(InputStream.nullInputStream(), out, AMPLE);

        assertThat(out.toString(UTF_8)).isEqualTo("n0tf0rl0gs-old");
    }

    /** Whoever asks gets each byte when it is written: Lambda streams what a handler streams. */
    @Test
    void nothingBuffersAStream() throws IOException {
        List<Integer> written = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                written.add(b);
            }
        };
        decorator
                .wrap((InputStream input, OutputStream output, Context context) -> {
                    output.write('a');
                    assertThat(written).containsExactly((int) 'a');
                    output.write('b');
                    assertThat(written).hasSize(2);
                })
                .handleRequest(InputStream.nullInputStream(), out, AMPLE);
    }
}
