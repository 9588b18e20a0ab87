package io.github.vaultlambda.http;

import static io.github.vaultlambda.http.Peers.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a body is read whose exchange has ended. */
class BodyPumpTest {
    private final SocketTransport transport = new SocketTransport();
    private final TimedSocket socket = new TimedSocket(TimedSocket.deadlineIn(AMPLE));
    private ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private int reads;

    BodyPumpTest() throws IOException {}

    @BeforeEach
    void connect() throws IOException {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        socket.drop();
        server.close();
        transport.close();
    }

    /** A body whose exchange ends when it is read for the n-th time. */
    private BodyPump pump(long length, int readsUntilTheEnd) throws IOException {
        InputStream source = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read in pieces only");
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                if (++reads == readsUntilTheEnd) {
                    socket.drop();
                }
                return count;
            }
        };
        Exchange exchange = transport.exchange(
                "POST", URI.create("http://localhost:" + server.getLocalPort()), new Headers(), AMPLE);
        return new BodyPump(exchange, new Connection(socket, socket, null, 0), new byte[10], source, length);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 10_000_000})
    void aBodyIsNotReadOnceItsConnectionIsGone(long length) throws Exception {
        BodyPump pump = pump(length, 0);
        socket.drop();

        pump.start();
        pump.join();

        assertThat(reads).isZero();
        assertThat(pump.isDone()).isFalse();
        assertThat(pump.sourceFailure()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 10_000_000})
    void theReadThatOutlivesTheExchangeIsTheLast(long length) throws Exception {
        BodyPump pump = pump(length, 2);

        pump.start();
        pump.join();

        assertThat(reads).isEqualTo(2);
        assertThat(pump.isDone()).isFalse();
        assertThat(pump.sourceFailure()).isNull();
    }
}
