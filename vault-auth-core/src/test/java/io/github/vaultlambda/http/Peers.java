package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.http.HttpTransport.Call;
import io.github.vaultlambda.http.HttpTransport.Reply;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What the tests of this room do again and again. */
final class Peers {
    static final Duration AMPLE = Duration.ofMinutes(1);
    static final Duration SHORT = Duration.ofMillis(200);

    private Peers() {}

    static Reply send(HttpTransport transport, String method, URI uri, @Nullable String body) throws IOException {
        return transport.send(new Call(
                method,
                uri,
                Map.of("X-Vault-Token", TestSecrets.mint("hvs")),
                body == null ? null : body.getBytes(UTF_8),
                AMPLE));
    }

    static Reply get(HttpTransport transport, URI uri) throws IOException {
        return send(transport, "GET", uri, null);
    }

    static String text(Reply reply) {
        return new String(reply.body(), UTF_8);
    }

    /** The failure of this, which tells no secret. */
    static TransportException failure(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(TransportException.class);
        assertThat(Said.by(thrown)).doesNotContain(TestSecrets.MARKER);
        return (TransportException) Objects.requireNonNull(thrown);
    }
}
