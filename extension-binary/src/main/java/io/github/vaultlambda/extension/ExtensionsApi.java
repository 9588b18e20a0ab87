package io.github.vaultlambda.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Extensions API as one extension uses it: register once, then wait for events. For one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html">AWS Lambda: Extensions API</a>
 */
final class ExtensionsApi {
    private static final String VERSION = "/2020-01-01/extension/";
    private static final int CONNECT_MILLIS = 2_000;
    private static final int REGISTER_MILLIS = 5_000;
    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private final URI address;
    private final String name;
    /** What Lambda gave us at registration; whoever has it can act in our name, so it is never logged. */
    private @Nullable String identifier;

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
        HttpURLConnection connection = open("register", REGISTER_MILLIS);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Lambda-Extension-Name", name);
        connection.setRequestProperty("Content-Type", "application/json");
        byte[] body = events.stream()
                .map(event -> '"' + event + '"')
                .collect(Collectors.joining(",", "{\"events\":[", "]}"))
                .getBytes(UTF_8);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length); // also keeps the JDK from sending it twice
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        answer(connection, "register");
        identifier = connection.getHeaderField("Lambda-Extension-Identifier");
        if (identifier == null) {
            throw new ExtensionsApiException("Lambda answered register without an identifier");
        }
    }

    /**
     * Waits, however long, for the next event. The first call says that our initialisation is over.
     *
     * @throws IOException when Lambda cannot be reached or answers anything but an event
     */
    LambdaEvent next() throws IOException {
        HttpURLConnection connection = open("event/next", 0);
        connection.setRequestProperty("Lambda-Extension-Identifier", identifier);
        SecretValue event = answer(connection, "event/next");
        String type = event.text("eventType");
        String reason = event.text("shutdownReason");
        return new LambdaEvent(
                type == null ? "" : type,
                reason == null ? "" : reason,
                Instant.ofEpochMilli(event.number("deadlineMs", 0)));
    }

    private HttpURLConnection open(String call, int readMillis) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address + VERSION + call).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(readMillis);
        connection.setUseCaches(false);
        connection.setInstanceFollowRedirects(false);
        return connection;
    }

    private static SecretValue answer(HttpURLConnection connection, String call) throws IOException {
        int status = connection.getResponseCode();
        byte[] body;
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            body = in == null ? new byte[0] : in.readNBytes(MAX_ANSWER_BYTES);
        }
        if (status != 200) {
            throw new ExtensionsApiException("Lambda answered " + call + " with " + status + errorOf(body));
        }
        SecretValue answer;
        try {
            answer = SecretValue.parse(body);
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
