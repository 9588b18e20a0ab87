package io.github.vaultlambda.testkit.vault;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Public keys and certificates in PEM. */
final class Pem {
    private static final String KEY_START = "-----BEGIN PUBLIC KEY-----";
    private static final String KEY_END = "-----END PUBLIC KEY-----";

    private Pem() {}

    /** The key in a PEM public key or certificate; null when there is none. */
    static @Nullable PublicKey publicKey(String text) {
        int start = text.indexOf(KEY_START);
        int end = text.indexOf(KEY_END);
        if (start < 0 || end < start) {
            List<X509Certificate> certificates = certificates(text);
            return certificates.isEmpty() ? null : certificates.get(0).getPublicKey();
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(text.substring(start + KEY_START.length(), end));
        } catch (IllegalArgumentException e) {
            return null;
        }
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // Not a key of this kind.
            }
        }
        return null;
    }

    /** The certificates in a text; none when it holds no PEM certificate. */
    static List<X509Certificate> certificates(String text) {
        List<X509Certificate> found = new ArrayList<>();
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            return found;
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
            factory.generateCertificates(new ByteArrayInputStream(bytes))
                    .forEach(certificate -> found.add((X509Certificate) certificate));
        } catch (CertificateException e) {
            found.clear();
        }
        return found;
    }
}
