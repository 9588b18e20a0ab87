package io.github.vaultlambda.benchmarks.extension;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {
    private static final String BODY = "{\"errors\":[\"permission denied\"]}";
    private static final String LENGTH = "\r\ncontent-length: " + BODY.length() + "\r\n\r\n" + BODY;
    private static final Map<String, String> ANSWERS = Map.of(
            "/whole", "HTTP/1.1 200 OK" + LENGTH,
            "/chunks",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(BODY.length())
                            + "\r\n" + BODY + "\r\n0\r\n\r\n",
            "/refused", "HTTP/1.1 403 Forbidden" + LENGTH);

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger clients = new AtomicInteger();
    private ServerSocket server;

    @BeforeEach
    void startServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        inBackground(() -> {
            while (true) {
                Socket client = server.accept();
                clients.incrementAndGet();
                inBackground(() -> serve(client));
            }
        });
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void inBackground(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException {
        try (client;
                BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1))) {
            String path = null;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (path == null) {
                    path = line.split(" ", -1)[1];
                } else if (line.isEmpty()) {
                    requests.incrementAndGet();
                    client.getOutputStream()
                            .write(ANSWERS.getOrDefault(path, "").getBytes(ISO_8859_1));
                    path = null;
                }
            }
        }
    }

    private HttpLoad load(String path, String... headers) {
        return new HttpLoad(server.getLocalPort(), path, headers);
    }

    @Test
    void aCountIsThatManyRequestsOnOneConnection() throws Exception {
        load("/whole").count(10);
        load("/chunks").count(7);

        assertThat(requests).hasValue(17);
        assertThat(clients).hasValue(2);
    }

    @Test
    void eachConnectionSendsAtLeastOnce() throws Exception {
        HttpLoad.Result result = load("/whole").during(Duration.ofMillis(1), 3);

        assertThat(clients).hasValue(3);
        assertThat(requests.get()).isGreaterThanOrEqualTo(3);
        assertThat(result.perSecond()).isPositive();
        assertThat(result.p50()).isLessThanOrEqualTo(result.p99());
    }

    @Test
    void anotherStatusIsAFailureWithTheAnswerButNoHeader() {
        assertThatThrownBy(() -> load("/refused", "X-Vault-Token: n0tf0rl0gs").count(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("GET /refused was answered HTTP/1.1 403")
                .hasMessageContaining("permission denied")
                .hasMessageNotContaining("n0tf0rl0gs");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        int port;
        try (ServerSocket another = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = another.getLocalPort();
        }

        assertThatThrownBy(() -> new HttpLoad(port, "/whole").count(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no connection to")
                .hasMessageContaining(":" + port);
    }

    @Test
    void percentilesAreByTheNearestRank() {
        long[] micros = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();
        long[] nanos = LongStream.of(micros).map(i -> i * 1_000).toArray();

        assertThat(HttpLoad.Result.of(nanos, 1_000_000_000)).isEqualTo(new HttpLoad.Result(100, 50, 99));
        assertThat(HttpLoad.Result.of(new long[] {7_000}, 1_000_000)).isEqualTo(new HttpLoad.Result(1_000, 7, 7));
        assertThat(HttpLoad.Result.median(new long[] {9_000, 1_000, 5_000})).isEqualTo(5);
    }

    @Test
    void twoLoadsInTurnAreSentAlikeOften() throws Exception {
        LoadInTurn.of(load("/whole"), load("/chunks"), Duration.ofMillis(1));

        assertThat(clients).hasValue(2);
        assertThat(requests.get() % 100).as("slices of 50 of each").isZero();
        assertThat(requests.get()).isPositive();
    }

    @Test
    void whatHitsNeighboursAlikeIsNotInTheirDifference() {
        LoadInTurn inTurn = new LoadInTurn();
        inTurn.add(new long[] {100_000, 110_000, 120_000}, new long[] {130_000, 140_000, 150_000});
        inTurn.add(new long[] {900_000, 910_000, 920_000}, new long[] {930_000, 940_000, 950_000}); // a busy moment
        inTurn.add(
                new long[] {100_000, 110_000, 120_000}, new long[] {500_000, 510_000, 520_000}); // one that ends within

        assertThat(inTurn.difference()).isEqualTo(30);
    }
}
