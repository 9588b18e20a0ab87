package io.github.vaultlambda.extension.proxy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.vaultlambda.extension.log.OneLine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxied request: checked, sent on, and its answer passed back as it comes. Thread-safe. */
final class ProxyHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHandler.class);

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
            try (VaultAnswer answer = forwarder.answer(exchange, RequestTarget.of(exchange.getRequestURI()))) {
                status = answer.status();
                passBack(answer, exchange);
            }
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

    private static void passBack(VaultAnswer answer, HttpExchange exchange) throws IOException {
        int status = answer.status();
        copyHeaders(answer.headers(), exchange.getResponseHeaders());
        if (exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304) {
            String length = answer.headers().first("Content-Length");
            if (length != null && status != 204) {
                exchange.getResponseHeaders().set("Content-Length", length);
            }
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        long length = answer.contentLength();
        if (length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, Math.max(length, 0)); // 0 is the server's word for a length not known
        OutputStream out = exchange.getResponseBody();
        answer.copyTo(out);
        out.close(); // only now: closed after a failure, a broken answer would look complete
    }

    private static void copyHeaders(io.github.vaultlambda.http.Headers from, Headers to) {
        List<String> connection = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            if (from.name(i).equalsIgnoreCase("Connection")) {
                connection.add(from.value(i));
            }
        }
        HeaderRules rules = HeaderRules.toClient(connection);
        for (int i = 0; i < from.size(); i++) {
            if (rules.passes(from.name(i))) {
                to.add(from.name(i), from.value(i));
            }
        }
    }
}
