package io.github.vaultlambda.layer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * As much of Lambda's <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html">Extensions API</a> as one
 * extension needs to run, without Lambda's limits of time: a process that is trained or measured must not be killed.
 * Thread-safe.
 */
public final class LambdaStub implements AutoCloseable {
    private static final Duration FAR = Duration.ofMinutes(10);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Long> ready = new CompletableFuture<>();
    private final Semaphore asked = new Semaphore(0);

    static {
        // The JDK's server writes head and body of an answer apart. With Nagle's algorithm each invocation would begin
        // 40 ms late.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Listens on any free port of 127.0.0.1. */
    public LambdaStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/2020-01-01/extension/register", this::register);
        server.createContext("/2020-01-01/extension/event/next", this::next);
        server.createContext("/", exchange -> answer(exchange, 202, "{\"status\":\"OK\"}"));
        server.start();
    }

    /** Host and port, as in AWS_LAMBDA_RUNTIME_API. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * The moment, by {@link System#nanoTime}, of the first question after an event, which ends an extension's initialisation.
     */
    public CompletableFuture<Long> ready() {
        return ready.copy();
    }

    /** Tells of an invocation, and waits until the extension has asked for the event after it. */
    public void invoke() throws InterruptedException, TimeoutException {
        events.add("{\"eventType\":\"INVOKE\",\"deadlineMs\":" + deadline()
                + ",\"requestId\":\"4f1b7f4e-0000-4000-8000-000000000000\","
                + "\"invokedFunctionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:orders\","
                + "\"tracing\":{\"type\":\"X-Amzn-Trace-Id\",\"value\":\"\"}}");
        if (!asked.tryAcquire(FAR.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("the extension asks for no event");
        }
    }

    /** Tells the extension to end. */
    public void shutDown() {
        events.add("{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"spindown\",\"deadlineMs\":" + deadline() + "}");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static long deadline() {
        return System.currentTimeMillis() + FAR.toMillis();
    }

    private void register(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Lambda-Extension-Identifier", "00000000-0000-4000-8000-000000000000");
        answer(
                exchange,
                200,
                "{\"functionName\":\"orders\",\"functionVersion\":\"$LATEST\",\"handler\":\"handler\","
                        + "\"accountId\":\"123456789012\"}");
    }

    private void next(HttpExchange exchange) throws IOException {
        if (!ready.complete(System.nanoTime())) {
            asked.release();
        }
        try {
            answer(exchange, 200, events.take());
        } catch (InterruptedException e) {
            exchange.close(); // the stub ends
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
