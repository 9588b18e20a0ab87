package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Sends one answer to its client, framed as the client understands it. For the connection's thread. */
final class Delivery implements Passage {
    private static final int PIECE_BYTES = 16 * 1024;
    /** Room for the size line before a chunk. */
    private static final int SIZE_BYTES = 10;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

    private final ClientConnection connection;
    private final @Nullable RequestHead head;
    private final @Nullable RequestBody body;
    private final @Nullable Call call;
    private boolean begun;
    private boolean keeps;

    /**
     * The delivery of the answer to a request.
     *
     * @param head of the request, or null for one that could not be read
     * @param body of the request: what is left of it when the answer begins makes that the last one of the connection
     * @param call that waits for the content, or null for none
     */
    Delivery(ClientConnection connection, @Nullable RequestHead head, @Nullable RequestBody body, @Nullable Call call) {
        this.connection = connection;
        this.head = head;
        this.body = body;
        this.call = call;
    }

    /** Whether something was sent, so that another answer is not possible any more. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the connection can serve another request. */
    boolean keepsConnection() {
        return keeps;
    }

    @Override
    public void give(WholeAnswer answer) throws IOException {
        byte[] line = begin();
        byte[] bytes = line.length == 0 ? answer.bytes() : answer.bytesWith(line);
        int length = head != null && head.isHead() ? bytes.length - answer.content().length : bytes.length;
        send(bytes, length);
    }

    @Override
    public void pass(VaultAnswer answer, @Nullable ContentCopy copy) throws IOException {
        try (answer) {
            long length = answer.contentLength();
            boolean bodiless = isHead() || answer.status() == 204 || answer.status() == 304;
            boolean chunked = length < 0 && !bodiless && head != null && head.recent();
            boolean toTheEnd = length < 0 && !bodiless && !chunked;
            byte[] line = begin();
            if (toTheEnd && keeps) {
                keeps = false;
                line = AnswerHeads.connectionLine(false, false);
            }
            WholeAnswer start = WholeAnswer.of(
                    answer.status(), AnswerHeads.of(answer, framing(answer, bodiless, chunked)), new byte[0]);
            byte[] bytes = start.bytesWith(line);
            send(bytes, bytes.length);
            if (!bodiless) {
                copyContent(answer, chunked, copy);
            }
        }
    }

    /** Sends the proxy's own answer. */
    void refuse(Refusal refusal) throws IOException {
        byte[] text = (refusal.text() + "\n").getBytes(UTF_8);
        String location = refusal.location();
        String more = location == null ? "" : "Location: " + location + "\r\n";
        byte[] ours = AnswerHeads.ofOurs(refusal.status(), "text/plain; charset=utf-8", text.length, more);
        give(WholeAnswer.of(refusal.status(), ours, text));
    }

    private boolean isHead() {
        return head != null && head.isHead();
    }

    private String framing(VaultAnswer answer, boolean bodiless, boolean chunked) {
        if (bodiless) {
            String length = answer.headers().first("Content-Length");
            return length == null || answer.status() == 204 ? "" : "Content-Length: " + length + "\r\n";
        }
        return chunked
                ? "Transfer-Encoding: chunked\r\n"
                : answer.contentLength() < 0 ? "" : "Content-Length: " + answer.contentLength() + "\r\n";
    }

    /** Decides what becomes of the connection; the line that says so. */
    private byte[] begin() {
        begun = true;
        keeps = head != null && head.keepsConnection() && (body == null || body.hasEnded());
        return AnswerHeads.connectionLine(keeps, head == null || head.recent());
    }

    private void copyContent(VaultAnswer answer, boolean chunked, @Nullable ContentCopy copy) throws IOException {
        InputStream content = answer.contentAsItComes();
        byte[] piece = new byte[SIZE_BYTES + PIECE_BYTES + 2];
        for (int count = next(content, piece); count >= 0; count = next(content, piece)) {
            if (copy != null) {
                copy.add(piece, SIZE_BYTES, count);
            }
            if (chunked) {
                sendChunk(piece, count);
            } else {
                connection.channel().write(piece, SIZE_BYTES, count);
            }
        }
        if (chunked) { // only now: after a failure, a broken answer would look complete
            connection.channel().write(LAST_CHUNK, 0, LAST_CHUNK.length);
        }
        if (copy != null) {
            copy.end();
        }
    }

    private int next(InputStream content, byte[] piece) throws IOException {
        if (call == null || content.available() > 0) {
            return content.read(piece, SIZE_BYTES, PIECE_BYTES);
        }
        connection.waits(call);
        try {
            return content.read(piece, SIZE_BYTES, PIECE_BYTES);
        } finally {
            connection.resumes();
        }
    }

    private void sendChunk(byte[] piece, int count) throws IOException {
        byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(ISO_8859_1);
        int start = SIZE_BYTES - size.length;
        System.arraycopy(size, 0, piece, start, size.length);
        piece[SIZE_BYTES + count] = '\r';
        piece[SIZE_BYTES + count + 1] = '\n';
        connection.channel().write(piece, start, size.length + count + 2);
    }

    private void send(byte[] bytes, int length) throws IOException {
        if (call != null) {
            connection.resumes(); // nobody may look at the channel while something is written to it
        }
        connection.channel().write(bytes, 0, length);
    }
}
