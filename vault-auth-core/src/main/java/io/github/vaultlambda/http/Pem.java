package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM text (RFC 7468); what stands between them is ignored. Messages name where the text comes from and quote
 * nothing of it.
 */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final String text;
    private final String source;
    private int position;
    private String label = "";
    private byte[] content = {};

    /** @param source what the text is, for messages, such as {@code the file /etc/ca.pem} */
    Pem(String text, String source) {
        this.text = text;
        this.source = source;
    }

    /** @throws IllegalArgumentException when the file cannot be read; the message names it */
    static Pem read(Path file) {
        String source = "the file " + file;
        try {
            return new Pem(new String(Files.readAllBytes(file), US_ASCII), source);
        } catch (IOException e) {
            throw new IllegalArgumentException(source + " cannot be read: " + reason(e), e);
        }
    }

    /** Why a file cannot be read, without its name. */
    static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "it does not exist"
                : e instanceof AccessDeniedException
                        ? "access is denied"
                        : e.getClass().getSimpleName();
    }

    String source() {
        return source;
    }

    /** Goes to the next block; false when there is none. */
    boolean next() {
        int begin = text.indexOf(BEGIN, position);
        if (begin < 0) {
            return false;
        }
        int afterLabel = text.indexOf(DASHES, begin + BEGIN.length());
        if (afterLabel < 0) {
            throw broken();
        }
        label = text.substring(begin + BEGIN.length(), afterLabel);
        int start = afterLabel + DASHES.length();
        int end = text.indexOf(END + label + DASHES, start);
        if (end < 0) {
            throw broken();
        }
        position = end + END.length();
        String body = text.substring(start, end);
        // The old form of encrypted keys has headers, which only an encrypted one needs.
        content = body.indexOf(':') >= 0 ? new byte[0] : decoded(body);
        return true;
    }

    /** What the block is called. */
    String label() {
        return label;
    }

    /** The bytes of the block; none when it has headers, as old encrypted keys have. */
    byte[] content() {
        return content;
    }

    /**
     * Adds the certificates among the blocks that are left.
     *
     * @throws IllegalArgumentException when one is broken
     */
    void addCertificates(List<X509Certificate> certificates) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (next()) {
                if (label.equals("CERTIFICATE")
                        && factory.generateCertificate(new ByteArrayInputStream(content))
                                instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(source + " holds a certificate that cannot be read", e);
        }
    }

    /** The certificates, at least one. */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        addCertificates(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(source + " holds no certificate in PEM form");
        }
        return certificates;
    }

    private byte[] decoded(String base64) {
        byte[] dense = new byte[base64.length()];
        int size = 0;
        for (int i = 0; i < base64.length(); i++) {
            char c = base64.charAt(i);
            if (c > ' ') {
                dense[size++] = (byte) c;
            }
        }
        try {
            return Base64.getDecoder().decode(new String(dense, 0, size, US_ASCII));
        } catch (IllegalArgumentException e) {
            throw broken(); // without the cause, which quotes a character
        }
    }

    private IllegalArgumentException broken() {
        return new IllegalArgumentException(source + " holds a broken PEM block");
    }
}
