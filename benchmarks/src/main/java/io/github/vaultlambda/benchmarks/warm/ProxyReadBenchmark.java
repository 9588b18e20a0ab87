package io.github.vaultlambda.benchmarks.warm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.benchmarks.vault.Connection;
import io.github.vaultlambda.benchmarks.vault.FakeVault;
import io.github.vaultlambda.benchmarks.vault.LocalVault;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.extension.proxy.ProxyServer;
import io.github.vaultlambda.extension.proxy.ProxySettings;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A read from the proxy's cache over its socket, and a server in the same process that answers the same number of bytes without a
 * look at the question: the difference is what the proxy does. The client here allocates nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProxyReadBenchmark {
    private final ByteBuffer answer = ByteBuffer.allocateDirect(16 * 1024);
    private @Nullable LocalVault vault;
    private @Nullable ProxyServer proxy;
    private @Nullable Echo server;
    private @Nullable SocketChannel toProxy;
    private @Nullable SocketChannel toEcho;
    private ByteBuffer question = ByteBuffer.allocate(0);
    private int length;

    /** Starts both servers, and asks the proxy for what it is to keep. */
    @Setup
    public void start() throws IOException {
        LocalVault started = new LocalVault(Connection.PLAIN);
        vault = started;
        int port = freePort();
        Map<String, String> environment = started.functionEnvironment();
        environment.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(port));
        environment.put("VAULT_DEFAULT_CACHE_TTL", "24h");
        environment.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        proxy = ProxyServer.start(ProxySettings.read(settings), VaultSession.fromEnvironment(environment));
        byte[] head =
                ("GET /v1/" + FakeVault.PATH + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n").getBytes(US_ASCII);
        question = ByteBuffer.allocateDirect(head.length).put(head);
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        toProxy = channel;
        wholeAnswer(channel); // from Vault
        length = wholeAnswer(channel);
        Echo echo = new Echo(length);
        server = echo;
        toEcho = SocketChannel.open(echo.address());
    }

    /** Ends everything. */
    @TearDown
    public void stop() throws IOException {
        Objects.requireNonNull(toProxy).close();
        Objects.requireNonNull(toEcho).close();
        Objects.requireNonNull(server).close();
        Objects.requireNonNull(proxy).stop(Duration.ZERO);
        Objects.requireNonNull(vault).close();
    }

    /** A secret that the proxy keeps. */
    @Benchmark
    public int cachedByProxy() throws IOException {
        return exchange(Objects.requireNonNull(toProxy));
    }

    /** As many bytes from a server that does nothing else. */
    @Benchmark
    public int loopbackAlone() throws IOException {
        return exchange(Objects.requireNonNull(toEcho));
    }

    private int exchange(SocketChannel channel) throws IOException {
        question.flip();
        channel.write(question);
        answer.clear().limit(length);
        while (answer.hasRemaining()) {
            if (channel.read(answer) < 0) {
                throw new EOFException();
            }
        }
        return answer.get(9); // the first digit of the status
    }

    /** Reads until the JSON has ended, which is in one piece. */
    private int wholeAnswer(SocketChannel channel) throws IOException {
        question.flip();
        channel.write(question);
        answer.clear();
        do {
            if (channel.read(answer) < 0) {
                throw new EOFException();
            }
        } while (answer.get(answer.position() - 1) != '\n' && answer.get(answer.position() - 1) != '}');
        return answer.position();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Answers whatever it reads with the same number of bytes, on one connection. */
    private static final class Echo implements Runnable, Closeable {
        private final ServerSocketChannel listener;
        private final int length;

        Echo(int length) throws IOException {
            this.listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            this.length = length;
            Thread thread = new Thread(this, "echo");
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() throws IOException {
            return (InetSocketAddress) listener.getLocalAddress();
        }

        @Override
        public void run() {
            ByteBuffer in = ByteBuffer.allocateDirect(4 * 1024);
            ByteBuffer out = ByteBuffer.allocateDirect(length);
            try (SocketChannel channel = listener.accept()) {
                while (channel.read(in.clear()) >= 0) {
                    channel.write(out.clear());
                }
            } catch (AsynchronousCloseException e) {
                // It is over.
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
