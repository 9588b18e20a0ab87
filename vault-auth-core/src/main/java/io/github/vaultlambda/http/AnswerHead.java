package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.IOException;

/** Status and headers of an answer, read strictly: what two readers could understand in two ways is refused. */
final class AnswerHead {
    private static final int MAX_HEADERS = 200;
    private static final int MAX_INTERIM = 20;
    /** The body reaches to the end of the connection. */
    static final long TO_THE_END = -1;
    /** The body comes in chunks. */
    static final long CHUNKED = -2;

    final int status;
    final Headers headers;

    /** The length of the body, or one of the constants. */
    final long length;

    /** Whether the server keeps the connection. */
    final boolean keepsConnection;

    private AnswerHead(Connection connection, String statusLine, String method) throws IOException {
        this.status = status(statusLine);
        this.headers = new Headers();
        readFields(connection, headers);
        boolean recent = statusLine.charAt(7) != '0';
        this.length = length(method, recent);
        this.keepsConnection = recent && !headers.list("Connection", "close");
    }

    /**
     * Reads the head of the final answer, past those that say that it is still to come.
     *
     * @param method of the request: an answer to HEAD has no body
     * @param tls whether the connection is secured, for a better message
     */
    static AnswerHead read(Connection connection, String method, boolean tls) throws IOException {
        for (int i = 0; i < MAX_INTERIM; i++) {
            AnswerHead head = new AnswerHead(connection, statusLine(connection, tls), method);
            if (head.status == 101) {
                throw Connection.malformed("it changes the protocol, which nobody asked for");
            }
            if (head.status >= 200) {
                return head;
            }
        }
        throw Connection.malformed("it does not come to its point");
    }

    /** Reads and forgets the fields behind the last chunk. */
    static void skipTrailer(Connection connection) throws IOException {
        connection.beginTrailer();
        readFields(connection, new Headers());
    }

    private static String statusLine(Connection connection, boolean tls) throws IOException {
        int first = connection.read();
        if (first < 0) {
            throw connection.brokenOff();
        }
        if (!tls && (first == 0x15 || first == 0x16)) {
            throw new TransportException(
                    Kind.NOT_TLS,
                    "the server speaks TLS, but the address begins with http://",
                    "the address of a server with TLS begins with https://",
                    null);
        }
        if (first != 'H') {
            throw Connection.malformed("it begins with none of HTTP's status lines");
        }
        return "H" + connection.line();
    }

    private static int status(String line) throws TransportException {
        boolean valid = line.length() >= 12
                && line.startsWith("HTTP/1.")
                && isDigit(line.charAt(7))
                && line.charAt(8) == ' '
                && line.charAt(9) >= '1'
                && line.charAt(9) <= '9'
                && isDigit(line.charAt(10))
                && isDigit(line.charAt(11))
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!valid) {
            throw Connection.malformed("it begins with none of HTTP's status lines");
        }
        return (line.charAt(9) - '0') * 100 + (line.charAt(10) - '0') * 10 + (line.charAt(11) - '0');
    }

    private static void readFields(Connection connection, Headers headers) throws IOException {
        for (String line = connection.line(); !line.isEmpty(); line = connection.line()) {
            if (headers.size() == MAX_HEADERS) {
                throw Connection.malformed("it has more than 200 headers");
            }
            if (!headers.addLine(line)) {
                throw Connection.malformed("one of its lines is no header"); // a folded one, for instance
            }
        }
    }

    private long length(String method, boolean recent) throws TransportException {
        boolean chunked = false;
        long announced = -1;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.equalsIgnoreCase("Transfer-Encoding")) {
                if (chunked || !recent || !headers.value(i).equalsIgnoreCase("chunked")) {
                    throw Connection.malformed("its transfer encoding is none that is known here");
                }
                chunked = true;
            } else if (name.equalsIgnoreCase("Content-Length")) {
                long value = number(headers.value(i));
                if (announced >= 0 && announced != value) {
                    throw Connection.malformed("it has two lengths");
                }
                announced = value;
            }
        }
        if (chunked && announced >= 0) {
            throw Connection.malformed("it has a length and comes in chunks");
        }
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return 0;
        }
        return chunked ? CHUNKED : announced >= 0 ? announced : TO_THE_END;
    }

    private static long number(String text) throws TransportException {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i)) || i == 18) {
                throw Connection.malformed("its length is no number");
            }
            value = value * 10 + (text.charAt(i) - '0');
        }
        if (text.isEmpty()) {
            throw Connection.malformed("its length is no number");
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
