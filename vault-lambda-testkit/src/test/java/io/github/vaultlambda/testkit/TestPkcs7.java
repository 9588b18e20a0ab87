package io.github.vaultlambda.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes signed-data of PKCS #7 for the tests, with SHA-256 and RSA and without certificates. */
final class TestPkcs7 {
    private static final String DATA = "2a864886f70d010701";
    private static final String SIGNED_DATA = "2a864886f70d010702";
    private static final String MESSAGE_DIGEST = "2a864886f70d010904";
    private static final String SHA256 = "608648016503040201";
    private static final String RSA = "2a864886f70d010101";

    private TestPkcs7() {}

    static String signed(TestCertificate signer, byte[] content, byte[] signature, byte @Nullable [] attributes) {
        byte[] hash = value(0x30, oid(SHA256));
        byte[] who = value(
                0x30,
                signer.certificate().getIssuerX500Principal().getEncoded(),
                value(0x02, signer.certificate().getSerialNumber().toByteArray()));
        byte[] signerInfo = value(
                0x30,
                value(0x02, new byte[] {1}),
                who,
                hash,
                attributes == null ? new byte[0] : value(0xa0, attributes),
                value(0x30, oid(RSA)),
                value(0x04, signature));
        byte[] data = value(
                0x30,
                value(0x02, new byte[] {1}),
                value(0x31, hash),
                value(0x30, oid(DATA), value(0xa0, value(0x04, content))),
                value(0x31, signerInfo));
        return Base64.getMimeEncoder().encodeToString(value(0x30, oid(SIGNED_DATA), value(0xa0, data)));
    }

    /** The attributes, of which one holds the content's hash. */
    static byte[] attributes(byte[] hash) {
        return value(0x30, oid(MESSAGE_DIGEST), value(0x31, value(0x04, hash)));
    }

    /** What is signed in their stead. */
    static byte[] set(byte[] attributes) {
        return value(0x31, attributes);
    }

    private static byte[] oid(String hex) {
        return value(0x06, HexFormat.of().parseHex(hex));
    }

    private static byte[] value(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
