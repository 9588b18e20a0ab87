package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** An answer that is all there, as it goes to clients. Immutable and thread-safe; nobody changes its bytes. */
final class WholeAnswer {
    private final int status;
    /** Head and content together: one write. */
    private final byte[] bytes;

    private final int headLength;

    private WholeAnswer(int status, byte[] bytes, int headLength) {
        this.status = status;
        this.bytes = bytes;
        this.headLength = headLength;
    }

    /**
     * An answer of these parts.
     *
     * @param head as {@link AnswerHeads} makes them
     */
    static WholeAnswer of(int status, byte[] head, byte[] content) {
        byte[] bytes = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, bytes, head.length, content.length);
        return new WholeAnswer(status, bytes, head.length);
    }

    /** Vault's answer with this content, which is all of it. */
    static WholeAnswer of(VaultAnswer answer, byte[] content) {
        boolean bodiless = answer.status() == 204 || answer.status() == 304;
        String framing = bodiless ? "" : "Content-Length: " + content.length + "\r\n";
        return of(answer.status(), AnswerHeads.of(answer, framing), content);
    }

    int status() {
        return status;
    }

    /** The content alone. */
    byte[] content() {
        return Arrays.copyOfRange(bytes, headLength, bytes.length);
    }

    /** As it goes over a connection that both sides keep. */
    byte[] bytes() {
        return bytes;
    }

    /** As it goes with this line more in its head. */
    byte[] bytesWith(byte[] line) {
        byte[] longer = new byte[bytes.length + line.length];
        int at = headLength - 2;
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(line, 0, longer, at, line.length);
        System.arraycopy(bytes, at, longer, at + line.length, bytes.length - at);
        return longer;
    }

    /** This with more lines in its head, each with its end. */
    WholeAnswer with(String lines) {
        byte[] more = lines.getBytes(ISO_8859_1);
        return new WholeAnswer(status, bytesWith(more), headLength + more.length);
    }

    /** The status alone: the content is secret. */
    @Override
    public String toString() {
        return "status " + status;
    }
}
