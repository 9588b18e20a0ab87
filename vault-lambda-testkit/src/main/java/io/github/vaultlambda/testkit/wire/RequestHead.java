package io.github.vaultlambda.testkit.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request up to its body.
 *
 * @param method as sent
 * @param target as sent
 * @param version {@code HTTP/1.1}
 * @param headers all header lines
 */
public record RequestHead(String method, String target, String version, HeaderList headers) {
    /** The next request, or null when the peer has closed; a version of {@code ""} tells that it is no HTTP/1. */
    public static @Nullable RequestHead read(InputStream in) throws IOException {
        String line = HttpWire.line(in);
        if (line == null) {
            return null;
        }
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first <= 0 || last <= first || !line.startsWith("HTTP/1.", last + 1)) {
            return new RequestHead("", "", "", new HeaderList());
        }
        return new RequestHead(
                line.substring(0, first),
                line.substring(first + 1, last),
                line.substring(last + 1),
                HttpWire.headers(in));
    }

    /** The body, which follows in the stream. */
    public byte[] body(InputStream in) throws IOException {
        return HttpWire.body(in, headers);
    }

    /** Whether the client waits for {@code 100 Continue} before it sends the body. */
    public boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(headers.first("Expect"));
    }

    /** Whether the client means to use the connection again. */
    public boolean keepAlive() {
        String connection = headers.first("Connection");
        boolean close =
                connection != null && connection.toLowerCase(Locale.ROOT).contains("close");
        return !close && version.equals("HTTP/1.1");
    }

    /** The target up to the question mark. */
    public String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** The target after the question mark; empty without one. */
    public String query() {
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }
}
