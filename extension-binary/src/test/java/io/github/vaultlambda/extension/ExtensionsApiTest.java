package io.github.vaultlambda.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to Lambda, and what is made of its answers. */
class ExtensionsApiTest {
    @Test
    void registersUnderItsNameAndThenShowsItsIdentifier() throws IOException {
        AtomicReference<String> body = new AtomicReference<>("");
        try (FakeUpstream lambda = new FakeUpstream(exchange -> {
            body.compareAndSet("", new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.getResponseHeaders().set("Lambda-Extension-Identifier", "id-1");
            FakeUpstream.answer(
                    exchange,
                    200,
                    "{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"spindown\",\"deadlineMs\":1700000000123}");
        })) {
            ExtensionsApi api = new ExtensionsApi(lambda.address(), "my-name");
            api.register(List.of("INVOKE", "SHUTDOWN"));
            FakeUpstream.Seen register = lambda.only();
            assertThat(register.method()).isEqualTo("POST");
            assertThat(register.target()).isEqualTo("/2020-01-01/extension/register");
            assertThat(register.headers().getFirst("Lambda-Extension-Name")).isEqualTo("my-name");
            assertThat(register.headers()).doesNotContainKeys("Content-type", "Lambda-extension-accept-feature");
            assertThat(body).hasValue("{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}");

            LambdaEvent event = api.next();
            FakeUpstream.Seen next = lambda.seen().get(1);
            assertThat(next.method()).isEqualTo("GET");
            assertThat(next.target()).isEqualTo("/2020-01-01/extension/event/next");
            assertThat(next.headers().getFirst("Lambda-Extension-Identifier")).isEqualTo("id-1");
            assertThat(event)
                    .isEqualTo(new LambdaEvent("SHUTDOWN", "", "spindown", Instant.ofEpochMilli(1700000000123L)));
            assertThat(event.isShutdown()).isTrue();
        }
    }

    @Test
    void namesLambdasErrorWhenItIsRefused() throws IOException {
        try (FakeUpstream lambda = FakeUpstream.answering(
                403, "{\"errorType\":\"Extension.AlreadyRegistered\",\"errorMessage\":\"too late\"}")) {
            assertThatThrownBy(() -> new ExtensionsApi(lambda.address(), "x").register(List.of("SHUTDOWN")))
                    .isInstanceOf(ExtensionsApiException.class)
                    .hasMessage("Lambda answered register with 403: Extension.AlreadyRegistered (too late)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]"})
    void refusesAnAnswerThatIsNoEvent(String text) throws IOException {
        try (FakeUpstream lambda = FakeUpstream.answering(200, text)) {
            assertThatThrownBy(() -> new ExtensionsApi(lambda.address(), "x").register(List.of("SHUTDOWN")))
                    .isInstanceOf(ExtensionsApiException.class)
                    .hasMessageStartingWith("Lambda's answer to register is ");
        }
    }

    @Test
    void refusesARegistrationWithoutIdentifier() throws IOException {
        try (FakeUpstream lambda = FakeUpstream.answering(200, "{}")) {
            assertThatThrownBy(() -> new ExtensionsApi(lambda.address(), "x").register(List.of("SHUTDOWN")))
                    .hasMessageContaining("without an identifier");
        }
    }

    @Test
    void registersInOrderToSayWhyItCannotStart() throws IOException {
        try (FakeUpstream lambda = new FakeUpstream(exchange -> {
            exchange.getResponseHeaders().set("Lambda-Extension-Identifier", "id-1");
            FakeUpstream.answer(
                    exchange, exchange.getRequestURI().getPath().endsWith("error") ? 202 : 200, "{\"status\":\"OK\"}");
        })) {
            ExtensionsApi api = new ExtensionsApi(lambda.address(), "my-name");
            api.reportInitError(List.of("INVOKE", "SHUTDOWN"), "Extension.ConfigInvalid", "it says why");
            assertThat(lambda.seen())
                    .extracting(FakeUpstream.Seen::target)
                    .containsExactly("/2020-01-01/extension/register", "/2020-01-01/extension/init/error");
            FakeUpstream.Seen report = lambda.seen().get(1);
            assertThat(report.method()).isEqualTo("POST");
            assertThat(report.headers().getFirst("Lambda-Extension-Identifier")).isEqualTo("id-1");
            assertThat(report.headers().getFirst("Lambda-Extension-Function-Error-Type"))
                    .isEqualTo("Extension.ConfigInvalid");
        }
    }

    @Test
    void saysWhyItEnds() throws IOException {
        AtomicReference<String> body = new AtomicReference<>("");
        try (FakeUpstream lambda = new FakeUpstream(exchange -> {
            body.set(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.getResponseHeaders().set("Lambda-Extension-Identifier", "id-1");
            FakeUpstream.answer(
                    exchange, exchange.getRequestURI().getPath().endsWith("error") ? 403 : 200, "{\"status\":\"OK\"}");
        })) {
            ExtensionsApi api = new ExtensionsApi(lambda.address(), "my-name");
            api.register(List.of("SHUTDOWN"));
            assertThatThrownBy(() -> api.reportExitError("Extension.NextEventFailed", "no \"event\""))
                    .hasMessage("Lambda answered exit/error with 403");
            assertThat(body.get())
                    .contains("\"errorType\":\"Extension.NextEventFailed\"")
                    .contains("\"errorMessage\":\"no \\\"event\\\"\"")
                    .contains("\"stackTrace\":[]");
        }
    }
}
