package io.github.vaultlambda.testkit.vault;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** One value of ASN.1, in DER or in BER with lengths that are not given. Every fault is an IllegalArgumentException. */
final class DerValue {
    private static final int CONSTRUCTED = 0x20;

    private final byte[] all;
    private final int start;
    private final int content;
    private final int contentEnd;
    private final int end;

    private DerValue(byte[] all, int start) {
        this.all = all;
        this.start = start;
        if (start + 2 > all.length) {
            throw new IllegalArgumentException("no room for a value");
        }
        int first = all[start + 1] & 0xff;
        int sizes = first < 0x80 ? 0 : first & 0x7f;
        this.content = start + 2 + sizes;
        if (first == 0x80) {
            int at = content;
            while (at + 1 < all.length && (all[at] != 0 || all[at + 1] != 0)) {
                at = new DerValue(all, at).end;
            }
            this.contentEnd = at;
            this.end = at + 2;
        } else {
            if (sizes > 3 || content > all.length) {
                throw new IllegalArgumentException("too long");
            }
            int length = sizes == 0 ? first : 0;
            for (int i = 0; i < sizes; i++) {
                length = (length << 8) | (all[start + 2 + i] & 0xff);
            }
            this.contentEnd = content + length;
            this.end = contentEnd;
        }
        if (end > all.length) {
            throw new IllegalArgumentException("cut short");
        }
    }

    static DerValue of(byte[] bytes) {
        return new DerValue(bytes, 0);
    }

    int tag() {
        return all[start] & 0xff;
    }

    List<DerValue> children() {
        List<DerValue> children = new ArrayList<>();
        for (int at = content; at < contentEnd; ) {
            DerValue child = new DerValue(all, at);
            children.add(child);
            at = child.end;
        }
        return children;
    }

    DerValue child(int number) {
        return children().get(number);
    }

    /** The content; of a string that came in parts, all of them. */
    byte[] octets() {
        if ((tag() & CONSTRUCTED) == 0) {
            return Arrays.copyOfRange(all, content, contentEnd);
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (DerValue part : children()) {
            joined.writeBytes(part.octets());
        }
        return joined.toByteArray();
    }

    String hex() {
        return HexFormat.of().formatHex(octets());
    }

    /** The value as it came, with tag and length; a copy. */
    byte[] encoded() {
        return Arrays.copyOfRange(all, start, end);
    }
}
