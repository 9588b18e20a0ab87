package io.github.vaultlambda.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The transport over the JDK's {@link HttpURLConnection}: of the clients in the JDK the one that costs least at first use,
 * about a quarter of {@code java.net.http}.
 */
public final class UrlConnectionTransport implements HttpTransport {
    private static final int MAX_BODY_BYTES = 32 * 1024 * 1024;
    /** Whatever the deadline: leaves time for another attempt. */
    private static final int MAX_CONNECT_MILLIS = 5_000;

    /** A transport. */
    public UrlConnectionTransport() {}

    @Override
    public Reply send(Call call) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) call.uri().toURL().openConnection();
        long start = System.nanoTime();
        int millis = (int) Math.max(1, Math.min(call.timeout().toMillis(), Integer.MAX_VALUE));
        connection.setConnectTimeout(Math.min(millis, MAX_CONNECT_MILLIS));
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(call.method());
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            try {
                connection.setRequestProperty(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) {
                // Its message quotes the value, which may be a token.
                throw new ProtocolException("the value of the header " + header.getKey() + " has illegal characters");
            }
        }
        byte[] body = call.body();
        if (body != null) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new ProtocolException("no HTTP answer");
        }
        byte[] content = content(connection, status, start, millis);
        return new Reply(status, content, headers(connection));
    }

    private static Map<String, String> headers(HttpURLConnection connection) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; connection.getHeaderFieldKey(i) != null; i++) {
            headers.put(connection.getHeaderFieldKey(i).toLowerCase(Locale.ROOT), connection.getHeaderField(i));
        }
        return headers;
    }

    private static byte[] content(HttpURLConnection connection, int status, long start, int millis) throws IOException {
        // Read to its end in any case: only then does the JDK keep the connection for the next request.
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            if (in == null) {
                return new byte[0];
            }
            long announced = connection.getContentLengthLong();
            if (announced > MAX_BODY_BYTES) {
                connection.disconnect();
                throw new TooLargeException();
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream((int) Math.max(announced, 1024));
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                content.write(buffer, 0, n);
                if (content.size() > MAX_BODY_BYTES) {
                    connection.disconnect();
                    throw new TooLargeException();
                }
                if ((System.nanoTime() - start) / 1_000_000 > millis) {
                    connection.disconnect(); // the JDK's time-out begins anew with each byte
                    throw new SocketTimeoutException("answer not complete in time");
                }
            }
            if (announced >= 0 && content.size() < announced) {
                throw new ProtocolException("answer cut off");
            }
            return content.toByteArray();
        }
    }

    /** An answer beyond the limit: no retry makes it smaller. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        /** An exception that says so. */
        public TooLargeException() {
            super("answer larger than 32 MiB");
        }
    }
}
