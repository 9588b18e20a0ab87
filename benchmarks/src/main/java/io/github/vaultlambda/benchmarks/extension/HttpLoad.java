package io.github.vaultlambda.benchmarks.extension;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The same GET request again and again, on some connections that are kept; each sends the next when it has the whole answer. */
final class HttpLoad {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InetSocketAddress server;
    private final byte[] request;

    /**
     * Requests to a server on the loopback address.
     *
     * @param headers lines without their ends
     */
    HttpLoad(int port, String path, String... headers) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        request = text.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    RepeatedGet connect() throws IOException {
        return new RepeatedGet(server, request);
    }

    /** So many requests, one after the other on one connection. */
    Result count(int requests) throws IOException, InterruptedException {
        return load(1, client -> client.exchange(requests), Duration.ZERO);
    }

    /** As many as there can be in this time. */
    Result during(Duration time, int connections) throws IOException, InterruptedException {
        return load(connections, client -> client.exchangeUntil(System.nanoTime() + time.toNanos()), time);
    }

    /** What one connection does. */
    private interface Work {
        long[] apply(RepeatedGet client) throws IOException;
    }

    /** @param expected how long that should take, connections not counted */
    private Result load(int connections, Work work, Duration expected) throws IOException, InterruptedException {
        List<RepeatedGet> clients = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                clients.add(connect());
            }
            List<Callable<long[]>> all = new ArrayList<>();
            for (RepeatedGet client : clients) {
                all.add(() -> work.apply(client));
            }
            return together(all, expected.plus(PATIENCE));
        } finally {
            for (RepeatedGet client : clients) {
                client.close(); // ends its thread too, if that still waits for an answer
            }
        }
    }

    private static Result together(List<Callable<long[]>> all, Duration most) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            long begin = System.nanoTime();
            List<Future<long[]>> results = new ArrayList<>();
            for (Callable<long[]> one : all) {
                results.add(threads.submit(one));
            }
            long[] nanos = {};
            for (Future<long[]> result : results) {
                long left = most.toNanos() - (System.nanoTime() - begin);
                long[] more = result.get(left, TimeUnit.NANOSECONDS);
                int before = nanos.length;
                nanos = Arrays.copyOf(nanos, before + more.length);
                System.arraycopy(more, 0, nanos, before, more.length);
            }
            return Result.of(nanos, System.nanoTime() - begin);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? new IOException(failure.getMessage(), failure)
                    : new IOException(e);
        } catch (TimeoutException e) {
            throw new IOException("no end of the answers within " + most.toSeconds() + " s", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * What was measured.
     *
     * @param perSecond requests
     * @param p50 half of the requests took at most so many microseconds
     * @param p99 99 of 100 did
     */
    record Result(double perSecond, double p50, double p99) {
        /**
         * Of at least one request.
         *
         * @param nanos what each took
         * @param whole nanoseconds that all took together
         */
        static Result of(long[] nanos, long whole) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Result(sorted.length * 1e9 / whole, micros(sorted, 50), micros(sorted, 99));
        }

        /** In microseconds. */
        static double median(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return micros(sorted, 50);
        }

        /** By the nearest rank: the least that so many percent do not exceed. */
        private static double micros(long[] sorted, int percent) {
            int rank = (int) (((long) sorted.length * percent + 99) / 100);
            return sorted[rank - 1] / 1e3;
        }
    }
}
