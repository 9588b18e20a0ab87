package io.github.vaultlambda.testkit.vault;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a PKCS #7 signed-data with its content inside, and verifies its signers. */
final class Pkcs7 {
    private static final int SEQUENCE = 0x30;
    private static final int FIRST = 0xa0;
    private static final Map<String, String> HASHES = Map.of(
            "2b0e03021a", "SHA1",
            "608648016503040201", "SHA256",
            "608648016503040202", "SHA384",
            "608648016503040203", "SHA512");
    // The attribute that holds the content's hash.
    private static final String MESSAGE_DIGEST = "2a864886f70d010904";

    private Pkcs7() {}

    /** The content, if every signer's signature fits one of the certificates. */
    static byte[] content(String base64, List<X509Certificate> certificates) throws VaultFailure {
        try {
            DerValue info = DerValue.of(Base64.getMimeDecoder().decode(base64));
            List<DerValue> data = info.child(1).child(0).children();
            byte[] content = data.get(2).child(1).child(0).octets();
            List<DerValue> signers = data.get(data.size() - 1).children();
            if (signers.isEmpty()) {
                throw fault("pkcs7: Message has no signers");
            }
            for (DerValue signer : signers) {
                verify(signer, content, certificates);
            }
            if (content.length == 0) {
                throw new VaultFailure(500, List.of("instance identity document could not be found in the signature"));
            }
            return content;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new VaultFailure(500, List.of("failed to parse the BER encoded PKCS#7 signature"));
        }
    }

    private static void verify(DerValue signer, byte[] content, List<X509Certificate> certificates)
            throws VaultFailure {
        List<DerValue> parts = signer.children();
        X509Certificate certificate = signedBy(parts.get(1), certificates);
        if (certificate == null) {
            throw fault("pkcs7: No certificate for signer");
        }
        String hash = HASHES.get(parts.get(2).child(0).hex());
        if (hash == null) {
            throw fault("pkcs7: unsupported algorithm");
        }
        byte[] signed = content;
        int next = 3;
        if (parts.get(3).tag() == FIRST) {
            signed = attributes(parts.get(3), content, hash);
            next = 4;
        }
        byte[] signature = parts.get(next + 1).octets();
        String key = certificate.getPublicKey().getAlgorithm();
        try {
            Signature check = Signature.getInstance(hash + "with" + (key.equals("EC") ? "ECDSA" : key));
            check.initVerify(certificate.getPublicKey());
            check.update(signed);
            if (check.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            // A key or a signature of another kind: not verified.
        }
        throw fault(key.equals("RSA") ? "crypto/rsa: verification error" : "x509: " + key + " verification failure");
    }

    // What is signed is the set of attributes, one of which holds the content's hash.
    private static byte[] attributes(DerValue attributes, byte[] content, String hash) throws VaultFailure {
        byte[] expected;
        try {
            expected = MessageDigest.getInstance(hash.replace("SHA", "SHA-")).digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        boolean same = false;
        for (DerValue attribute : attributes.children()) {
            if (attribute.child(0).hex().equals(MESSAGE_DIGEST)) {
                same = Arrays.equals(expected, attribute.child(1).child(0).octets());
            }
        }
        if (!same) {
            throw fault("pkcs7: Message digest mismatch");
        }
        byte[] set = attributes.encoded();
        set[0] = 0x31;
        return set;
    }

    private static @Nullable X509Certificate signedBy(DerValue issuerAndSerial, List<X509Certificate> certificates) {
        if (issuerAndSerial.tag() != SEQUENCE) {
            return null;
        }
        BigInteger serial = new BigInteger(issuerAndSerial.child(1).octets());
        byte[] issuer = issuerAndSerial.child(0).encoded();
        for (X509Certificate certificate : certificates) {
            if (certificate.getSerialNumber().equals(serial)
                    && Arrays.equals(certificate.getIssuerX500Principal().getEncoded(), issuer)) {
                return certificate;
            }
        }
        return null;
    }

    private static VaultFailure fault(String text) {
        return new VaultFailure(500, List.of("failed to verify the signature: " + text));
    }
}
