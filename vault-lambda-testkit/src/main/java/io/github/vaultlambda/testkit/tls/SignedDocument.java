package io.github.vaultlambda.testkit.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** A text, and the signatures of one key over it: bare, and as PKCS#7 (RFC 2315). Immutable. */
public final class SignedDocument {
    private static final String DATA = "1.2.840.113549.1.7.1";
    private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
    private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
    private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    private static final String SIGNING_TIME = "1.2.840.113549.1.9.5";

    private final byte[] document;
    private final KeyPair key;
    private final X509Certificate certificate;

    /** The document, to be signed with the key of a certificate. */
    public SignedDocument(byte[] document, KeyPair key, X509Certificate certificate) {
        this.document = document.clone();
        this.key = key;
        this.certificate = certificate;
    }

    /** A self-signed certificate for a key that signs documents. */
    public static X509Certificate certificate(KeyPair key, String commonName, Instant from, Instant until) {
        byte[] subject = CertificateWriter.name("vault-lambda testkit", List.of(), commonName);
        return new CertificateWriter(key.getPublic(), subject, from, until).sign(key.getPrivate(), null);
    }

    /** The bare signature. */
    public byte[] signature() {
        try {
            return SignatureKind.of(key.getPrivate()).sign(key.getPrivate(), document);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    /** The document in PKCS#7 SignedData, with signed attributes and without the certificate, as EC2 gives it. */
    public byte[] pkcs7(Instant time) {
        SignatureKind kind = SignatureKind.of(key.getPrivate());
        try {
            byte[] digest = MessageDigest.getInstance(kind.digestName()).digest(document);
            // In DER's order for sets: by their bytes, and so by length here.
            byte[] attributes = join(
                    attribute(CONTENT_TYPE, Der.oid(DATA)),
                    attribute(SIGNING_TIME, Der.time(time)),
                    attribute(MESSAGE_DIGEST, Der.octets(digest)));
            byte[] signature = kind.sign(key.getPrivate(), Der.set(attributes));
            BigInteger serial = certificate.getSerialNumber();
            byte[] issuer = certificate.getIssuerX500Principal().getEncoded();
            byte[] signer = Der.sequence(
                    Der.integer(1),
                    Der.sequence(issuer, Der.integer(serial)),
                    kind.digest(),
                    Der.explicit(0, attributes),
                    kind.key(),
                    Der.octets(signature));
            return Der.sequence(
                    Der.oid(SIGNED_DATA),
                    Der.explicit(
                            0,
                            Der.sequence(
                                    Der.integer(1),
                                    Der.set(kind.digest()),
                                    Der.sequence(Der.oid(DATA), Der.explicit(0, Der.octets(document))),
                                    Der.set(signer))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    private static byte[] attribute(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.set(value));
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] out = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }
}
