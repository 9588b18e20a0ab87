package io.github.vaultlambda.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the parts that HTTP/1.1 requests and responses have in common. */
final class HttpWire {
    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_HEADERS = 500;
    private static final int MAX_BODY = 64 * 1024 * 1024;

    private HttpWire() {}

    /** The next line without its end, or null at the end of the stream. */
    static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(c);
            if (line.size() > MAX_LINE) {
                throw new IOException("line too long");
            }
        }
        return null;
    }

    /** Header lines up to the empty line. */
    static HeaderList headers(InputStream in) throws IOException {
        HeaderList headers = new HeaderList();
        int count = 0;
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++count > MAX_HEADERS) {
                throw new IOException("malformed header");
            }
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers;
    }

    /** The body that the headers announce; empty without an announcement. */
    static byte[] body(InputStream in, HeaderList headers) throws IOException {
        String coding = headers.first("Transfer-Encoding");
        if (coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
            return chunks(in);
        }
        String length = headers.first("Content-Length");
        if (length == null) {
            return new byte[0];
        }
        int size = size(length, 10);
        byte[] body = in.readNBytes(size);
        if (body.length != size) {
            throw new EOFException();
        }
        return body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String head = line(in);
            if (head == null) {
                throw new EOFException();
            }
            int extension = head.indexOf(';');
            int size = size(extension < 0 ? head : head.substring(0, extension), 16);
            if (size == 0) {
                headers(in); // Trailers carry nothing that matters here.
                return body.toByteArray();
            }
            byte[] chunk = in.readNBytes(size);
            if (chunk.length != size || body.size() + size > MAX_BODY) {
                throw new EOFException();
            }
            body.write(chunk);
            line(in);
        }
    }

    private static int size(String text, int radix) throws IOException {
        try {
            int size = Integer.parseInt(text.strip(), radix);
            if (size < 0 || size > MAX_BODY) {
                throw new IOException("body size");
            }
            return size;
        } catch (NumberFormatException e) {
            throw new IOException("body size", e);
        }
    }
}
