package io.github.vaultlambda.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.ProxyOptions;
import io.github.vaultlambda.http.SocketTransport;
import io.github.vaultlambda.http.TlsOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lambda's Extensions API as one extension uses it: register once, then wait for events. For one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html">AWS Lambda: Extensions API</a>
 */
final class ExtensionsApi {
    private static final String VERSION = "/2020-01-01/extension/";
    private static final String IDENTIFIER = "Lambda-Extension-Identifier";
    private static final Duration REGISTER_TIMEOUT = Duration.ofSeconds(5);
    /** A report is a courtesy of a process that is about to end. */
    private static final Duration REPORT_TIMEOUT = Duration.ofMillis(500);
    /** Longer than any execution environment lives. */
    private static final Duration NEXT_TIMEOUT = Duration.ofDays(60);

    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private final URI address;
    private final String name;
    /** Its own and through no forward proxy: Lambda is on this machine. */
    private final HttpTransport transport =
            new SocketTransport(TlsOptions.defaults(), ProxyOptions.none(), InstantSource.system(), MAX_ANSWER_BYTES);
    /** What Lambda gave us at registration; whoever has it can act in our name, so it is never logged. */
    private String identifier = "";

    /** The API at this address, for the extension whose executable has this file name. */
    ExtensionsApi(URI address, String name) {
        this.address = address;
        this.name = name;
    }

    /**
     * Registers for these events.
     *
     * @throws IOException when Lambda cannot be reached or does not accept us
     */
    void register(List<String> events) throws IOException {
        byte[] body = ("{\"events\":[\"" + String.join("\",\"", events) + "\"]}").getBytes(UTF_8);
        HttpTransport.Reply reply = transport.send(new HttpTransport.Call(
                "POST", uri("register"), Map.of("Lambda-Extension-Name", name), body, REGISTER_TIMEOUT));
        answer(reply, "register");
        String given = reply.header("lambda-extension-identifier");
        if (given == null) {
            throw new ExtensionsApiException("Lambda answered register without an identifier");
        }
        identifier = given;
    }

    /**
     * Waits, however long, for the next event. The first call says that our initialisation is over.
     *
     * @throws IOException when Lambda cannot be reached or answers anything but an event
     */
    LambdaEvent next() throws IOException {
        HttpTransport.Reply reply = transport.send(
                new HttpTransport.Call("GET", uri("event/next"), Map.of(IDENTIFIER, identifier), null, NEXT_TIMEOUT));
        SecretValue event = answer(reply, "event/next");
        return new LambdaEvent(
                text(event, "eventType"),
                text(event, "requestId"),
                text(event, "shutdownReason"),
                Instant.ofEpochMilli(event.number("deadlineMs", 0)));
    }

    /**
     * Tells Lambda why this extension could not start. Registers first where that has not been done, as Lambda listens to nobody
     * else. Afterwards Lambda ends the environment.
     *
     * @param events what to register for
     * @param type such as {@code Extension.ConfigInvalid}
     * @throws IOException when Lambda cannot be told
     */
    void reportInitError(List<String> events, String type, String message) throws IOException {
        if (identifier.isEmpty()) {
            register(events);
        }
        report("init/error", type, message);
    }

    /**
     * Tells Lambda why this extension ends although the environment lives; only after {@link #register}.
     *
     * @throws IOException when Lambda cannot be told
     */
    void reportExitError(String type, String message) throws IOException {
        report("exit/error", type, message);
    }

    private void report(String call, String type, String message) throws IOException {
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("errorMessage", SecretValue.of(message));
        body.put("errorType", SecretValue.of(type));
        body.put("stackTrace", SecretValue.of(List.of()));
        HttpTransport.Reply reply = transport.send(new HttpTransport.Call(
                "POST",
                uri(call),
                Map.of(
                        IDENTIFIER,
                        identifier,
                        "Lambda-Extension-Function-Error-Type",
                        type,
                        "Content-Type",
                        "application/json"),
                SecretValue.of(body).revealJson().getBytes(UTF_8),
                REPORT_TIMEOUT));
        if (reply.status() / 100 != 2) {
            throw new ExtensionsApiException(
                    "Lambda answered " + call + " with " + reply.status() + errorOf(reply.body()));
        }
    }

    private static String text(SecretValue event, String name) {
        String text = event.text(name);
        return text == null ? "" : text;
    }

    private URI uri(String call) {
        return URI.create(address + VERSION + call);
    }

    private static SecretValue answer(HttpTransport.Reply reply, String call) throws IOException {
        if (reply.status() != 200) {
            throw new ExtensionsApiException(
                    "Lambda answered " + call + " with " + reply.status() + errorOf(reply.body()));
        }
        SecretValue answer;
        try {
            answer = SecretValue.parse(reply.body());
        } catch (IOException e) {
            throw new ExtensionsApiException("Lambda's answer to " + call + " is " + e.getMessage());
        }
        if (answer.kind() != SecretValue.Kind.OBJECT) {
            throw new ExtensionsApiException("Lambda's answer to " + call + " is no JSON object");
        }
        return answer;
    }

    private static String errorOf(byte[] body) {
        try {
            SecretValue error = SecretValue.parse(body);
            String type = error.text("errorType");
            String message = error.text("errorMessage");
            return (type == null ? "" : ": " + type) + (message == null ? "" : " (" + message + ")");
        } catch (IOException e) {
            return ""; // the status says enough
        }
    }
}
