package io.github.vaultlambda.handler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.handler.injection.MemberValues;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretType;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultHandlerTest {
    private static final Context AMPLE = new FakeContext(60_000);
    private static final Duration TTL = Duration.ofMinutes(1);

    private final ScriptedVault vault = new ScriptedVault();

    private static final SecretType<String> TEXT = SecretType.of(String.class);

    static {
        TestInjection.register(
                Orders.class,
                members -> {
                    members.value("secret/data/db#password", TEXT, true, -1);
                    members.handle("secret/data/db#password", TEXT, -1);
                },
                VaultHandlerTest::fill);
        TestInjection.register(
                OrdersStream.class,
                members -> members.value("secret/data/db#password", TEXT, true, -1),
                (handler, values) -> handler.password = (String) values.field(0, handler.password));
        TestInjection.register(
                OrdersBase.class,
                members -> members.value("secret/data/db#password", TEXT, true, -1),
                (handler, values) -> handler.password = (String) values.field(0, handler.password));
        TestInjection.register(
                OrdersStreamBase.class,
                members -> members.value("secret/data/db#password", TEXT, true, -1),
                (handler, values) -> handler.password = (String) values.field(0, handler.password));
    }

    @SuppressWarnings("unchecked")
    private static void fill(Orders orders, MemberValues values) {
        orders.password = (String) values.field(0, orders.password);
        orders.handle = (Secret<String>) values.field(1, orders.handle);
    }

    @BeforeEach
    void store() {
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-old\"}");
    }

    static final class Orders implements RequestHandler<String, String> {
        @VaultSecret("secret/data/db#password")
        @Nullable
        String password;

        @VaultSecret("secret/data/db#password")
        @Nullable
        Secret<String> handle;

        int calls;

        @Override
        public String handleRequest(String input, @Nullable Context context) {
            calls++;
            return input + " " + password + " " + (handle == null ? null : handle.get());
        }
    }

    static final class OrdersStream implements RequestStreamHandler {
        @VaultSecret("secret/data/db#password")
        @Nullable
        String password;

        int calls;

        @Override
        public void handleRequest(InputStream input, OutputStream output, @Nullable Context context)
                throws IOException {
            calls++;
            input.transferTo(output);
            output.write(String.valueOf(password).getBytes(UTF_8));
        }
    }

    static final class OrdersBase extends VaultRequestHandler<String, String> {
        @VaultSecret("secret/data/db#password")
        String password = "initialized after the constructor of the base class";

        OrdersBase(VaultSecrets vault) {
            super(vault);
        }

        @Override
        protected String handle(String input, Context context) {
            return input + " " + password;
        }
    }

    static final class OrdersStreamBase extends VaultRequestStreamHandler {
        @VaultSecret("secret/data/db#password")
        String password = "initialized after the constructor of the base class";

        OrdersStreamBase(VaultSecrets vault) {
            super(vault);
        }

        @Override
        protected void handle(InputStream input, OutputStream output, Context context) throws IOException {
            output.write(password.getBytes(UTF_8));
        }
    }

    static final class Unprocessed implements RequestHandler<String, String> {
        @VaultSecret("secret/data/db#password")
        @Nullable
        String password;

        @Override
        public String handleRequest(String input, Context context) {
            return input + password;
        }
    }

    @Test
    void fillsTheFieldsOfAHandler() {
        Orders orders = new Orders();
        RequestHandler<String, String> wrapped = VaultHandler.wrap(orders, vault.secrets(TTL));

        assertThat(wrapped.handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-old n0tf0rl0gs-old");
        assertThat(wrapped.handleRequest("again", AMPLE)).isEqualTo("again n0tf0rl0gs-old n0tf0rl0gs-old");
        assertThat(orders.calls).isEqualTo(2);
        assertThat(vault.calls()).hasSize(1);
        assertThat(wrapped.toString()).doesNotContain("n0tf0rl0gs");
    }

    @Test
    void fillsTheFieldsOfAStreamHandler() throws IOException {
        RequestStreamHandler wrapped = VaultHandler.wrap(new OrdersStream(), vault.secrets(TTL));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        wrapped.handleRequest(new ByteArrayInputStream("in ".getBytes(UTF_8)), out, AMPLE);

        assertThat(out.toString(UTF_8)).isEqualTo("in n0tf0rl0gs-old");
    }

    @Test
    void fillsTheFieldsOfTheBaseClasses() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(new OrdersBase(vault.secrets(TTL)).handleRequest("in", AMPLE))
                .isEqualTo("in n0tf0rl0gs-old");
        new OrdersStreamBase(vault.secrets(TTL)).handleRequest(InputStream.nullInputStream(), out, AMPLE);
        assertThat(out.toString(UTF_8)).isEqualTo("n0tf0rl0gs-old");
    }

    @Test
    void aRotationBetweenTwoInvocationsArrives() {
        RequestHandler<String, String> wrapped = VaultHandler.wrap(new Orders(), vault.secrets(TTL));
        wrapped.handleRequest("in", AMPLE);
        vault.kv2("secret/data/db", "{\"password\":\"n0tf0rl0gs-new\"}");

        vault.advance(TTL.minusMillis(1));
        assertThat(wrapped.handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-old n0tf0rl0gs-old");

        vault.advance(Duration.ofMillis(1));
        assertThat(wrapped.handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-new n0tf0rl0gs-new");
    }

    @Test
    void readsBeforeTheFirstInvocation() {
        VaultHandler.wrap(new Orders(), vault.secrets(TTL));

        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aFailureBeforeTheFirstInvocationHeals() {
        vault.at("secret/data/db", 503, "");
        RequestHandler<String, String> wrapped = VaultHandler.wrap(new Orders(), vault.secrets(TTL));
        assertThat(vault.calls()).hasSize(1);

        store();

        assertThat(wrapped.handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-old n0tf0rl0gs-old");
    }

    @Test
    void aFailureOfVaultFailsTheInvocationBeforeTheHandler() throws IOException {
        vault.at("secret/data/db", 403, "{\"errors\":[\"permission denied\"]}");
        Orders orders = new Orders();
        OrdersStream stream = new OrdersStream();
        RequestHandler<String, String> wrapped = VaultHandler.wrap(orders, vault.secrets(TTL));
        RequestStreamHandler wrappedStream = VaultHandler.wrap(stream, vault.secrets(TTL));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> wrapped.handleRequest("in", AMPLE))
                .isInstanceOf(VaultPermissionException.class)
                .hasMessageContaining("secret/data/db");
        assertThatThrownBy(() -> wrappedStream.handleRequest(InputStream.nullInputStream(), out, AMPLE))
                .isInstanceOf(VaultException.class);

        assertThat(orders.calls).isZero();
        assertThat(stream.calls).isZero();
        assertThat(out.size()).isZero();
    }

    @Test
    void aFieldThatWouldStayEmptyIsReportedWhenTheHandlerIsMade() {
        assertThatThrownBy(() -> VaultHandler.wrap(new Unprocessed(), vault.secrets(TTL)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        Unprocessed.class.getName() + ".password is marked with @VaultSecret, but would stay"
                                + " empty: the annotation processor did not run")
                .hasMessageContaining("io.github.vaultlambda:vault-handler-processor");
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void classesThatTheProcessorDoesNotSeeAreToldApart() {
        RequestHandler<String, String> anonymous = new RequestHandler<>() {
            @VaultSecret("secret/data/db#password")
            @Nullable
            String password;

            @Override
            public String handleRequest(String input, Context context) {
                return String.valueOf(password);
            }
        };

        assertThatThrownBy(() -> VaultHandler.wrap(anonymous, vault.secrets(TTL)))
                .isInstanceOf(HandlerSetupException.class)
                .hasMessageEndingWith(
                        "would stay empty: annotation processors do not see classes within methods and expressions. Make it a"
                                + " class of its own, or a static nested one");
    }

    /** The time-out of a request is the client's 9 s, or what the invocation has left but for a reserve of 100 ms. */
    @ParameterizedTest
    @CsvSource({"60000, 9000", "9101, 9000", "9100, 9000", "9099, 8999", "1100, 1000", "101, 1"})
    void theInvocationsTimeBoundsTheRequest(int remaining, long timeout) {
        RequestHandler<String, String> wrapped = VaultHandler.wrap(new Orders(), vault.secrets(TTL));
        vault.advance(TTL);

        wrapped.handleRequest("in", new FakeContext(remaining));

        assertThat(vault.calls()).hasSize(2);
        assertThat(vault.calls().get(1).timeout()).isEqualTo(Duration.ofMillis(timeout));
    }

    @ParameterizedTest
    @CsvSource({"100", "99", "0", "-5"})
    void withoutTimeNothingIsAsked(int remaining) {
        Orders orders = new Orders();
        RequestHandler<String, String> wrapped = VaultHandler.wrap(orders, vault.secrets(TTL));

        // what is fresh needs no time
        assertThat(wrapped.handleRequest("in", new FakeContext(remaining))).startsWith("in n0tf0rl0gs-old");

        vault.advance(TTL);
        assertThatThrownBy(() -> wrapped.handleRequest("in", new FakeContext(remaining)))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("in time");
        assertThat(vault.calls()).hasSize(1);
        assertThat(orders.calls).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway") // as tests of users' handlers do
    void aNullContextWorks() {
        RequestHandler<String, String> wrapped = VaultHandler.wrap(new Orders(), vault.secrets(TTL));
        vault.advance(TTL);

        assertThat(wrapped.handleRequest("in", null)).isEqualTo("in n0tf0rl0gs-old n0tf0rl0gs-old");
        assertThat(vault.calls().get(1).timeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void withoutConfigurationNothingIsWrapped() {
        assertThatThrownBy(() -> VaultHandler.wrap(new Orders())).isInstanceOf(VaultConfigException.class);
        assertThatThrownBy(() -> VaultHandler.wrap(new OrdersStream())).isInstanceOf(VaultConfigException.class);
    }

    @Test
    void nothingIsReadBeforeASnapshot() {
        Orders orders = new Orders();
        Decoration decoration = Decoration.of(
                orders,
                vault.secrets(TTL),
                HandlerOptions.defaults(),
                List.of(),
                Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));
        assertThat(vault.calls()).isEmpty();

        decoration.begin(AMPLE).end();
        assertThat(orders.handleRequest("in", AMPLE)).isEqualTo("in n0tf0rl0gs-old n0tf0rl0gs-old");
    }

    @ParameterizedTest
    @CsvSource({"on-demand", "provisioned-concurrency", "lambda-managed-instances"})
    void everyOtherWayOfStartingReadsAtOnce(String type) {
        Decoration.of(
                new Orders(),
                vault.secrets(TTL),
                HandlerOptions.defaults(),
                List.of(),
                Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", type));

        assertThat(vault.calls()).hasSize(1);
    }
}
