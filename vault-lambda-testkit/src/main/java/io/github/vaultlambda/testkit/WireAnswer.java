package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FaultyServer} sends for one request, down to the byte, and what becomes of the connection. Immutable and
 * thread-safe; {@link #toString()} shows nothing of a body.
 */
public final class WireAnswer {
    /** What follows the last byte. */
    enum End {
        KEEP,
        CLOSE,
        RESET,
        HANG
    }

    /** A text sent again and again: {@code count} times, for ever with -1. */
    record Filler(String text, long count) {
        byte[] bytes() {
            return utf8(text);
        }
    }

    private static final int BLOCK = 8192;

    private final byte[] interim;
    private final String head;
    private final byte[] body;
    private final @Nullable Filler filler;
    private final End end;
    private final int limit;
    private final boolean beforeBody;
    private final @Nullable Semaphore pace;

    private WireAnswer(
            byte[] interim,
            String head,
            byte[] body,
            @Nullable Filler filler,
            End end,
            int limit,
            boolean beforeBody,
            @Nullable Semaphore pace) {
        this.interim = interim;
        this.head = head;
        this.body = body;
        this.filler = filler;
        this.end = end;
        this.limit = limit;
        this.beforeBody = beforeBody;
        this.pace = pace;
    }

    private static WireAnswer whole(String head, String body) {
        return new WireAnswer(new byte[0], head, utf8(body), null, End.KEEP, Integer.MAX_VALUE, false, null);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String status(int status) {
        return "HTTP/1.1 " + status + " Status\r\n";
    }

    private static String json(int status) {
        return status(status) + "Content-Type: application/json\r\n";
    }

    /** A flawless answer with a body of JSON and its Content-Length. */
    public static WireAnswer of(int status, String json) {
        return whole(json(status) + "Content-Length: " + utf8(json).length + "\r\n", json);
    }

    static WireAnswer of(HttpAnswer answer) {
        StringBuilder head = new StringBuilder(status(answer.status()));
        for (HeaderList.Line line : answer.headers().lines()) {
            if (!FaultyServer.hopByHop(line.name())) {
                head.append(line.name()).append(": ").append(line.value()).append("\r\n");
            }
        }
        if (answer.status() != 204 && answer.status() != 304) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        return new WireAnswer(
                new byte[0], head.toString(), answer.body(), null, End.KEEP, Integer.MAX_VALUE, false, null);
    }

    /** 204 without a body. */
    public static WireAnswer noContent() {
        return whole(status(204), "");
    }

    /** 304, whose Content-Length is that of the body it does not have. */
    public static WireAnswer notModified() {
        return whole(status(304) + "ETag: \"1\"\r\nContent-Length: 20\r\n", "");
    }

    /** An answer of HTTP/1.0, whose body ends with the connection. */
    public static WireAnswer http10(int status, String json) {
        return whole("HTTP/1.0 " + status + " Status\r\nContent-Type: application/json\r\n", json)
                .ending(End.CLOSE);
    }

    /** A chunked answer, one chunk for each text. */
    public static WireAnswer chunked(int status, String... chunks) {
        StringBuilder body = new StringBuilder();
        for (String chunk : chunks) {
            body.append(Integer.toHexString(utf8(chunk).length))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return whole(json(status) + "Transfer-Encoding: chunked\r\n", body + "0\r\n\r\n");
    }

    /** A chunked answer with chunk extensions, a size with leading zeros and capitals, and trailers. */
    public static WireAnswer chunkedWithExtensionsAndTrailers(int status, String json) {
        String size = "000" + Integer.toHexString(utf8(json).length).toUpperCase(Locale.ROOT);
        return whole(
                json(status) + "Transfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n",
                size + ";name=value;quoted=\"a;b\"\r\n" + json + "\r\n0;last\r\nX-Checksum: 1\r\nX-More: 2\r\n\r\n");
    }

    /** An answer that is both chunked and has a Content-Length, which does not count (RFC 9112, 6.3). */
    public static WireAnswer chunkedWithLength(int status, String json, long contentLength) {
        WireAnswer chunked = chunked(status, json);
        return chunked.header("Content-Length", Long.toString(contentLength));
    }

    /** An answer with a Content-Length header for each of the numbers: twice the same, or a contradiction. */
    public static WireAnswer withLengths(int status, String json, long... contentLengths) {
        StringBuilder head = new StringBuilder(json(status));
        for (long length : contentLengths) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return whole(head.toString(), json);
    }

    /** 200 with a body of that many blanks, all of them sent. */
    public static WireAnswer oversized(long bytes) {
        return whole(json(200) + "Content-Length: " + bytes + "\r\n", " ".repeat((int) (bytes % BLOCK)))
                .filledWith(new Filler(" ".repeat(BLOCK), bytes / BLOCK));
    }

    /** 200 with chunks without end. */
    public static WireAnswer endlessBody() {
        return whole(json(200) + "Transfer-Encoding: chunked\r\n", "")
                .filledWith(new Filler("2000\r\n" + " ".repeat(0x2000) + "\r\n", -1));
    }

    /** 200 with a body whose end would be the connection's, which does not come. */
    public static WireAnswer endlessBodyWithoutLength() {
        return whole(json(200) + "Connection: close\r\n", "").filledWith(new Filler(" ".repeat(BLOCK), -1));
    }

    /** A status line and headers without end. */
    public static WireAnswer endlessHeaders() {
        return raw(status(200)).filledWith(new Filler("X-Filler: " + "a".repeat(100) + "\r\n", -1));
    }

    /** 200 with one header whose value is that long, and a body. */
    public static WireAnswer hugeHeader(int bytes, String json) {
        return of(200, json).header("X-Huge", "a".repeat(bytes));
    }

    /** These bytes and no others; text is sent as UTF-8. */
    public static WireAnswer raw(String text) {
        return new WireAnswer(new byte[0], "", utf8(text), null, End.KEEP, Integer.MAX_VALUE, false, null);
    }

    /** Bytes that are no HTTP; then the connection is closed. */
    public static WireAnswer garbage() {
        return raw("\u0000\u0001garbage\r\nthat is no HTTP\r\n\r\n").ending(End.CLOSE);
    }

    /** Nothing: the connection is closed. */
    public static WireAnswer closed() {
        return raw("").ending(End.CLOSE);
    }

    /** Nothing: the connection is reset (RST). */
    public static WireAnswer reset() {
        return raw("").ending(End.RESET);
    }

    /** Nothing, while the connection stays open until the client or {@link FaultyServer#close()} ends it. */
    public static WireAnswer hanging() {
        return raw("").ending(End.HANG);
    }

    /** The same with one more header. */
    public WireAnswer header(String name, String value) {
        if (head.isEmpty()) {
            throw new IllegalStateException("raw bytes have no headers");
        }
        return new WireAnswer(interim, head + name + ": " + value + "\r\n", body, filler, end, limit, beforeBody, pace);
    }

    /** The same after an interim answer, such as 100 or 103. */
    public WireAnswer after(int interimStatus) {
        byte[] more = utf8(status(interimStatus) + "\r\n");
        byte[] all = Arrays.copyOf(interim, interim.length + more.length);
        System.arraycopy(more, 0, all, interim.length, more.length);
        return new WireAnswer(all, head, body, filler, end, limit, beforeBody, pace);
    }

    /** The same with the header {@code Connection: close}, after which the connection is closed. */
    public WireAnswer connectionClose() {
        return header("Connection", "close").ending(End.CLOSE);
    }

    /** The same, but the connection is closed after it, of which the answer says nothing. */
    public WireAnswer thenClose() {
        return ending(End.CLOSE);
    }

    /** The same, but the connection is reset after it. */
    public WireAnswer thenReset() {
        return ending(End.RESET);
    }

    /** The first bytes only, an interim answer's included; then the connection is closed. */
    public WireAnswer closeAfter(int bytes) {
        return limitedTo(bytes, End.CLOSE);
    }

    /** The first bytes only, an interim answer's included; then the connection is reset. */
    public WireAnswer resetAfter(int bytes) {
        return limitedTo(bytes, End.RESET);
    }

    /** The first bytes only, an interim answer's included; then nothing more comes. */
    public WireAnswer hangAfter(int bytes) {
        return limitedTo(bytes, End.HANG);
    }

    /** All headers, but the first bytes of the body only, with chunk sizes as they count; then the connection is closed. */
    public WireAnswer truncatedTo(int bodyBytes) {
        return closeAfter(interim.length + start().length + bodyBytes);
    }

    /** Sent before the body of the request is read. */
    public WireAnswer beforeRequestBody() {
        return new WireAnswer(interim, head, body, filler, end, limit, true, pace);
    }

    /** One byte for each permit that the test releases. */
    public WireAnswer dripping(Semaphore permits) {
        return new WireAnswer(
                interim, head, body, filler, end, limit, beforeBody, Objects.requireNonNull(permits, "permits"));
    }

    private WireAnswer ending(End newEnd) {
        return new WireAnswer(interim, head, body, filler, newEnd, limit, beforeBody, pace);
    }

    private WireAnswer filledWith(Filler newFiller) {
        return new WireAnswer(interim, head, body, newFiller, end, limit, beforeBody, pace);
    }

    private WireAnswer limitedTo(int bytes, End newEnd) {
        if (bytes < 0) {
            throw new IllegalArgumentException("cannot send " + bytes + " bytes");
        }
        return new WireAnswer(interim, head, body, null, newEnd, bytes, beforeBody, pace);
    }

    private byte[] start() {
        return head.isEmpty() ? new byte[0] : utf8(head + "\r\n");
    }

    byte[] bytes() {
        byte[] start = start();
        byte[] all = new byte[interim.length + start.length + body.length];
        System.arraycopy(interim, 0, all, 0, interim.length);
        System.arraycopy(start, 0, all, interim.length, start.length);
        System.arraycopy(body, 0, all, interim.length + start.length, body.length);
        return limit < all.length ? Arrays.copyOf(all, limit) : all;
    }

    @Nullable
    Filler filler() {
        return filler;
    }

    End end() {
        return end;
    }

    boolean isBeforeBody() {
        return beforeBody;
    }

    @Nullable
    Semaphore pace() {
        return pace;
    }

    @Override
    public String toString() {
        int line = head.indexOf('\r');
        return "WireAnswer[" + (line < 0 ? "raw" : head.substring(0, line)) + ", " + body.length + " bytes, " + end
                + "]";
    }
}
