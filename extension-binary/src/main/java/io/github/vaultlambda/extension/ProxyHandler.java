package io.github.vaultlambda.extension;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Flow.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxied request: checked, sent on, and its answer passed back as it comes. Thread-safe. */
final class ProxyHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHandler.class);
    /** Some of Vault's answers have no end and long pauses, such as its log; but one that hangs must not hold a thread for ever. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Forwarder forwarder;

    ProxyHandler(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /**
     * Handles one exchange.
     *
     * @throws IOException when the client or Vault broke off after the answer had begun; the server then closes the
     *     connection, which tells the client that the answer is not complete
     */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        long start = System.nanoTime();
        String path = exchange.getRequestURI().getRawPath();
        int status;
        if (HeaderRules.toVault(exchange.getRequestHeaders().get("Connection")).closesConnection()) {
            exchange.getResponseHeaders().set("Connection", "close"); // the server finds it only where it stands alone
        }
        try {
            HostGuard.check(exchange.getRequestHeaders().get("Host"), exchange.getRequestURI());
            HttpResponse<Publisher<List<ByteBuffer>>> answer =
                    forwarder.answer(exchange, RequestTarget.of(exchange.getRequestURI()));
            status = answer.statusCode();
            passBack(answer, exchange);
        } catch (Refusal refusal) {
            status = refusal.status();
            refusal.send(exchange);
        } catch (IOException e) {
            LOG.info("{} {} broke off: {}", exchange.getRequestMethod(), path, OneLine.of(e));
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Unexpected failure; this is a fault of the extension", e); // the server would say nothing
            throw e;
        }
        LOG.debug(
                "{} {} answered {} after {} ms",
                exchange.getRequestMethod(),
                path,
                status,
                (System.nanoTime() - start) / 1_000_000);
    }

    private static void passBack(HttpResponse<Publisher<List<ByteBuffer>>> answer, HttpExchange exchange)
            throws IOException {
        int status = answer.statusCode();
        Headers headers = exchange.getResponseHeaders();
        HeaderRules rules = HeaderRules.toClient(answer.headers().allValues("Connection"));
        for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
            if (rules.passes(header.getKey())) {
                headers.put(header.getKey(), new ArrayList<>(header.getValue()));
            }
        }
        OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
        if (exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304) {
            if (length.isPresent() && status != 204) {
                headers.set("Content-Length", Long.toString(length.getAsLong()));
            }
            Forwarder.discard(answer);
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        if (length.isPresent() && length.getAsLong() == 0) {
            Forwarder.discard(answer);
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        try (AnswerBody body = AnswerBody.of(answer)) {
            exchange.sendResponseHeaders(status, length.orElse(0)); // 0 is the server's word for a length not known
            OutputStream out = exchange.getResponseBody();
            body.copyTo(out, LONGEST_PAUSE);
            out.close(); // only now: closed after a failure, a broken answer would look complete
        }
    }
}
