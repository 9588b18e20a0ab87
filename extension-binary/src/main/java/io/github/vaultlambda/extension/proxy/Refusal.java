package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.github.vaultlambda.extension.log.OneLine;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The proxy's own answer to a request that gets none from Vault. The text goes to the caller: no secret, no token. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String text;
    private final @Nullable String location;

    private Refusal(int status, String text, @Nullable String location) {
        super(text, null, false, false); // answers, not faults: no stack trace
        this.status = status;
        this.text = text;
        this.location = location;
    }

    /** A refusal with one line of text. */
    static Refusal of(int status, String text) {
        return new Refusal(status, OneLine.of(text), null);
    }

    /** A redirect to another path on the proxy, with method and body kept. */
    static Refusal redirect(String location) {
        return new Refusal(307, "the path is " + location, location);
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** Where the caller should ask instead, or null. */
    @Nullable
    String location() {
        return location;
    }

    /** Answers the exchange with this. */
    void send(HttpExchange exchange) throws IOException {
        byte[] body = (text + "\n").getBytes(UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "text/plain; charset=utf-8");
        headers.set("X-Content-Type-Options", "nosniff");
        if (location != null) {
            headers.set("Location", location);
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
