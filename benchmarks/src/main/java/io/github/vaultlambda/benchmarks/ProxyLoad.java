package io.github.vaultlambda.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks an HTTP server for the same thing again and again, over a number of connections that are kept, each as fast as it is
 * answered, and measures how long each answer took. Does next to nothing itself, so that what is measured is the server and
 * the system.
 */
final class ProxyLoad {
    /** Latencies are counted in these steps up to a second. */
    private static final int MOST_MICROS = 1_000_000;

    /**
     * What was measured.
     *
     * @param perSecond answers per second over all connections
     * @param p50Micros half of the answers took no longer
     * @param p99Micros 99 of 100 took no longer
     */
    record Figures(double perSecond, double p50Micros, double p99Micros) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%8.0f/s  p50 %5.0f us  p99 %6.0f us", perSecond, p50Micros, p99Micros);
        }
    }

    private final SocketAddress server;
    private final byte[] request;

    /**
     * A load for this server.
     *
     * @param path what is asked for
     * @param headers more lines for the head of the request, each with its end
     */
    ProxyLoad(SocketAddress server, String path, String headers) {
        this.server = server;
        this.request = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:8200\r\nUser-Agent: load\r\nAccept: */*\r\n"
                        + "Accept-Encoding: gzip, deflate\r\n" + headers + "\r\n")
                .getBytes(ISO_8859_1);
    }

    /** Asks for that long, and does not count what came in the warm-up before. */
    Figures run(int connections, Duration warmUp, Duration time) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long from = System.nanoTime() + warmUp.toNanos();
            List<Callable<int[]>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(() -> ask(from, from + time.toNanos()));
            }
            int[] all = new int[MOST_MICROS];
            for (Future<int[]> client : threads.invokeAll(clients)) {
                int[] counts = client.get();
                Arrays.setAll(all, i -> all[i] + counts[i]);
            }
            return figures(all, time);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Figures figures(int[] counts, Duration time) {
        long total = Arrays.stream(counts).asLongStream().sum();
        return new Figures(total * 1e9 / time.toNanos(), quantile(counts, total, 0.5), quantile(counts, total, 0.99));
    }

    private static int quantile(int[] counts, long total, double share) {
        long below = 0;
        for (int micros = 0; micros < counts.length; micros++) {
            below += counts[micros];
            if (below >= share * total) {
                return micros;
            }
        }
        return counts.length;
    }

    private int[] ask(long from, long until) throws IOException {
        int[] counts = new int[MOST_MICROS];
        ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
        ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
        try (SocketChannel channel = SocketChannel.open(server)) {
            if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            for (long start = System.nanoTime(); start < until; ) {
                out.flip();
                channel.write(out);
                readAnswer(channel, in);
                long end = System.nanoTime();
                if (start >= from && end < until) {
                    counts[(int) Math.min((end - start) / 1000, MOST_MICROS - 1)]++;
                }
                start = end;
            }
        }
        return counts;
    }

    /** Reads one answer to its end: as long as announced, or in chunks. */
    private static void readAnswer(SocketChannel channel, ByteBuffer in) throws IOException {
        in.clear();
        int wanted = 0;
        while (wanted == 0 || in.position() < wanted) {
            if (channel.read(in) < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (wanted == 0) {
                wanted = lengthOfAnswer(in);
            }
        }
    }

    /** Head and content together; 0 when it is not known yet. */
    private static int lengthOfAnswer(ByteBuffer in) throws IOException {
        int end = in.position();
        for (int i = 3; i < end; i++) {
            if (in.get(i) == '\n' && in.get(i - 1) == '\r' && in.get(i - 2) == '\n') {
                if (in.get(9) != '2') {
                    throw new IOException("the server answered with status " + (char) in.get(9) + "xx");
                }
                int length = announcedLength(in, i);
                if (length >= 0) {
                    return i + 1 + length;
                }
                boolean ended = in.get(end - 5) == '0' && in.get(end - 4) == '\r' && in.get(end - 1) == '\n';
                return ended ? end : 0;
            }
        }
        return 0;
    }

    /** The value of Content-Length, or -1. */
    private static int announcedLength(ByteBuffer in, int headEnd) {
        String name = "content-length: ";
        for (int i = 0; i + name.length() < headEnd; i++) {
            int matched = 0;
            while (matched < name.length() && Character.toLowerCase(in.get(i + matched)) == name.charAt(matched)) {
                matched++;
            }
            if (matched == name.length()) {
                int length = 0;
                for (int at = i + matched; in.get(at) >= '0' && in.get(at) <= '9'; at++) {
                    length = length * 10 + in.get(at) - '0';
                }
                return length;
            }
        }
        return -1;
    }
}
