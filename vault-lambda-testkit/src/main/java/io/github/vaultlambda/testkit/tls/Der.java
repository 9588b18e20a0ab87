package io.github.vaultlambda.testkit.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes ASN.1 values in DER (X.690). */
public final class Der {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    // RFC 5280, 4.1.2.5: two digits for the year until 2049, four from then on.
    private static final Instant FOUR_DIGIT_YEARS = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    /** A value of any tag, its content being the parts in order. */
    public static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** SEQUENCE. */
    public static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    /** SET of one member; more would have to be sorted. */
    public static byte[] set(byte[] member) {
        return value(SET, member);
    }

    /** A context-specific tag around whole values, {@code [number] EXPLICIT}. */
    public static byte[] explicit(int number, byte[]... parts) {
        return value(0xa0 | number, parts);
    }

    /** A context-specific tag in the place of a primitive value's own, {@code [number] IMPLICIT}. */
    public static byte[] implicit(int number, byte[] content) {
        return value(0x80 | number, content);
    }

    /** INTEGER. */
    public static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    /** INTEGER. */
    public static byte[] integer(int number) {
        return integer(BigInteger.valueOf(number));
    }

    /** BOOLEAN true; false is the default where X.509 has one, and left out. */
    public static byte[] yes() {
        return value(BOOLEAN, new byte[] {(byte) 0xff});
    }

    /** NULL. */
    public static byte[] none() {
        return value(0x05);
    }

    /** OBJECT IDENTIFIER, from its dotted text. */
    public static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        if (arcs.length < 2) {
            throw new IllegalArgumentException("an object identifier has two numbers or more, not: " + dotted);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        base128(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(out, Long.parseLong(arcs[i]));
        }
        return value(OBJECT_IDENTIFIER, out.toByteArray());
    }

    private static void base128(ByteArrayOutputStream out, long number) {
        int groups = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 6) / 7);
        for (int i = groups - 1; i >= 0; i--) {
            int bits = (int) (number >>> (7 * i)) & 0x7f;
            out.write(i > 0 ? bits | 0x80 : bits);
        }
    }

    /** BIT STRING of whole bytes. */
    public static byte[] bits(byte[] content) {
        return value(BIT_STRING, new byte[] {0}, content);
    }

    /** BIT STRING of named bits in one byte, the first being the highest; not empty. */
    public static byte[] namedBits(int bits) {
        return value(BIT_STRING, new byte[] {(byte) Integer.numberOfTrailingZeros(bits), (byte) bits});
    }

    /** OCTET STRING. */
    public static byte[] octets(byte[] content) {
        return value(OCTET_STRING, content);
    }

    /** UTF8String. */
    public static byte[] text(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** UTCTime or GeneralizedTime, as X.509 wants; parts of a second are cut off. */
    public static byte[] time(Instant time) {
        boolean late = !time.isBefore(FOUR_DIGIT_YEARS);
        String text = DateTimeFormatter.ofPattern(late ? "uuuuMMddHHmmss'Z'" : "uuMMddHHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(time);
        return value(late ? GENERALIZED_TIME : UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }
}
