package io.github.vaultlambda.testkit.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** How keys of one algorithm sign: names in the JDK and in ASN.1. */
enum SignatureKind {
    RSA("SHA256withRSA", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1", "SHA-256", "2.16.840.1.101.3.4.2.1"),
    EC("SHA256withECDSA", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.2", "SHA-256", "2.16.840.1.101.3.4.2.1"),
    // With SHA-1, as EC2 has it.
    DSA("SHA1withDSA", "1.2.840.10040.4.3", "1.2.840.10040.4.1", "SHA-1", "1.3.14.3.2.26");

    private final String name;
    private final String signatureOid;
    private final String keyOid;
    private final String digestName;
    private final String digestOid;

    SignatureKind(String name, String signatureOid, String keyOid, String digestName, String digestOid) {
        this.name = name;
        this.signatureOid = signatureOid;
        this.keyOid = keyOid;
        this.digestName = digestName;
        this.digestOid = digestOid;
    }

    static SignatureKind of(PrivateKey key) {
        return valueOf(key.getAlgorithm());
    }

    /** AlgorithmIdentifier of signature and digest together. */
    byte[] signature() {
        return identifier(signatureOid);
    }

    /** AlgorithmIdentifier of the signature alone, as in PKCS#7. */
    byte[] key() {
        return identifier(keyOid);
    }

    /** AlgorithmIdentifier of the digest. */
    byte[] digest() {
        return Der.sequence(Der.oid(digestOid), Der.none());
    }

    // RFC 3279 and 5758: NULL with RSA, nothing with the others.
    private byte[] identifier(String oid) {
        return this == RSA ? Der.sequence(Der.oid(oid), Der.none()) : Der.sequence(Der.oid(oid));
    }

    String digestName() {
        return digestName;
    }

    byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(name);
        signature.initSign(key);
        signature.update(content);
        return signature.sign();
    }
}
