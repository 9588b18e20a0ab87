package io.github.vaultlambda.testkit.tls;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.List;

/** The texts in which tools keep certificates and keys (RFC 7468, RFC 8017, RFC 5915). */
public final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /** One block per certificate, in order. */
    public static String certificates(List<X509Certificate> certificates) {
        StringBuilder out = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                out.append(block("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of our own has its encoding", e);
        }
        return out.toString();
    }

    /** PKCS#8: {@code PRIVATE KEY}. */
    public static String pkcs8(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    /** PKCS#1: {@code RSA PRIVATE KEY}. */
    public static String pkcs1(RSAPrivateCrtKey key) {
        return block(
                "RSA PRIVATE KEY",
                Der.sequence(
                        Der.integer(0),
                        Der.integer(key.getModulus()),
                        Der.integer(key.getPublicExponent()),
                        Der.integer(key.getPrivateExponent()),
                        Der.integer(key.getPrimeP()),
                        Der.integer(key.getPrimeQ()),
                        Der.integer(key.getPrimeExponentP()),
                        Der.integer(key.getPrimeExponentQ()),
                        Der.integer(key.getCrtCoefficient())));
    }

    /** SEC 1: {@code EC PRIVATE KEY}, of a key on P-256, with curve and public point as OpenSSL writes them. */
    public static String sec1(KeyPair pair) {
        ECPrivateKey secret = (ECPrivateKey) pair.getPrivate();
        ECPublicKey open = (ECPublicKey) pair.getPublic();
        byte[] point = new byte[65];
        point[0] = 4;
        System.arraycopy(fixed(open.getW().getAffineX()), 0, point, 1, 32);
        System.arraycopy(fixed(open.getW().getAffineY()), 0, point, 33, 32);
        return block(
                "EC PRIVATE KEY",
                Der.sequence(
                        Der.integer(1),
                        Der.octets(fixed(secret.getS())),
                        Der.explicit(0, Der.oid("1.2.840.10045.3.1.7")),
                        Der.explicit(1, Der.bits(point))));
    }

    /** The unsigned number in 32 bytes. */
    private static byte[] fixed(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] out = new byte[32];
        int from = Math.max(0, bytes.length - 32);
        System.arraycopy(bytes, from, out, 32 - (bytes.length - from), bytes.length - from);
        return out;
    }

    /** Any block. */
    public static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(content) + "\n-----END " + label + "-----\n";
    }
}
