package io.github.vaultlambda.benchmarks.extension;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same GET request again and again, on some connections that are kept; each sends the next when it has the whole answer. With as
 * little work of its own as there can be, since it shares the processors with what it measures.
 */
final class HttpLoad {
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

    /** So many requests, one after the other on one connection. */
    Result count(int requests) throws IOException {
        try (Client client = new Client(server)) {
            long[] nanos = new long[requests];
            long begin = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                nanos[i] = client.exchange(request);
            }
            return Result.of(nanos, System.nanoTime() - begin);
        }
    }

    /** As many as there can be in this time. */
    Result during(Duration time, int connections) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            Callable<long[]> one = () -> {
                try (Client client = new Client(server)) {
                    return client.exchangeUntil(System.nanoTime() + time.toNanos(), request);
                }
            };
            List<Future<long[]>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                all.add(threads.submit(one));
            }
            long[] nanos = {};
            for (Future<long[]> some : all) {
                long[] more = some.get();
                int before = nanos.length;
                nanos = Arrays.copyOf(nanos, before + more.length);
                System.arraycopy(more, 0, nanos, before, more.length);
            }
            return Result.of(nanos, time.toNanos());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
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
        static Result of(long[] nanos, long whole) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Result(
                    sorted.length * 1e9 / whole,
                    sorted[sorted.length / 2] / 1e3,
                    sorted[(int) (sorted.length * 0.99)] / 1e3);
        }
    }

    /** One connection. */
    private static final class Client implements AutoCloseable {
        private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

        private final Socket socket = new Socket();
        private final InputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[64 << 10];

        Client(InetSocketAddress server) throws IOException {
            socket.setTcpNoDelay(true);
            socket.connect(server);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        long[] exchangeUntil(long end, byte[] request) throws IOException {
            long[] nanos = new long[1 << 10];
            int count = 0;
            do {
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count] = exchange(request);
                count++;
            } while (System.nanoTime() - end < 0);
            return Arrays.copyOf(nanos, count);
        }

        /** Nanoseconds from the request to the last byte of its answer, which has to be 200. */
        long exchange(byte[] request) throws IOException {
            long begin = System.nanoTime();
            out.write(request);
            int read = 0;
            int end = -1;
            while (end < 0 || read < end) {
                int more = in.read(buffer, read, buffer.length - read);
                if (more < 0) {
                    throw new EOFException("the connection ended within an answer");
                }
                read += more;
                if (end < 0) {
                    end = endOfAnswer(read);
                }
            }
            return System.nanoTime() - begin;
        }

        /** Where the answer ends; below zero when its head is not there as a whole or says nothing of its length. */
        private int endOfAnswer(int read) throws IOException {
            int head = endOfHead(read);
            if (head < 0) {
                return -1;
            }
            String text = new String(buffer, 0, head, ISO_8859_1);
            if (!text.startsWith("HTTP/1.1 200")) {
                throw new IOException(text.lines().findFirst().orElse(""));
            }
            for (String line : text.split("\r\n", -1)) {
                if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    return head + Integer.parseInt(line.substring(15).strip());
                }
            }
            boolean whole = read >= head + 5 && new String(buffer, read - 5, 5, ISO_8859_1).equals("0\r\n\r\n");
            return whole ? read : -1; // in chunks
        }

        private int endOfHead(int read) {
            for (int i = END_OF_HEAD.length; i <= read; i++) {
                if (Arrays.equals(buffer, i - END_OF_HEAD.length, i, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
