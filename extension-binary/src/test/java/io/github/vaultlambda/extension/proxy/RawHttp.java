package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** HTTP by hand, for requests that no client library would send. */
final class RawHttp {
    private RawHttp() {}

    /** Sends this text, lines ended by a plain newline, and gives all that comes until the other side closes. */
    static String exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** A GET of this target with these more header lines. */
    static String get(int port, String target, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\nConnection: close\n");
        for (String header : headers) {
            request.append(header).append('\n');
        }
        return exchange(port, request.append('\n').toString());
    }
}
