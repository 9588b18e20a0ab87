package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.tls.OneKeyManager;
import io.github.vaultlambda.testkit.tls.Pem;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A certificate with its private key, made by {@link TestCertificates}. Immutable and thread-safe; {@link #toString()} shows
 * nothing of the key.
 */
public final class TestCertificate {
    /** Kinds of keys. */
    public enum KeyType {
        /** RSA, 2048 bits. */
        RSA_2048,
        /** The elliptic curve P-256, also called secp256r1 or prime256v1. */
        EC_P256
    }

    private final KeyPair pair;
    private final List<X509Certificate> chain;

    TestCertificate(KeyPair pair, List<X509Certificate> chain) {
        this.pair = pair;
        this.chain = List.copyOf(chain);
    }

    /** The certificate itself. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** What a peer shows: the certificate, then the intermediate if there is one; the root is not part of it. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The private key. */
    public PrivateKey privateKey() {
        return pair.getPrivate();
    }

    /** The kind of key. */
    public KeyType keyType() {
        return pair.getPrivate() instanceof RSAPrivateCrtKey ? KeyType.RSA_2048 : KeyType.EC_P256;
    }

    /** The certificate alone, as PEM. */
    public String certificatePem() {
        return Pem.certificates(List.of(certificate()));
    }

    /** {@link #chain()} as PEM. */
    public String chainPem() {
        return Pem.certificates(chain);
    }

    /** The private key as PKCS#8: {@code BEGIN PRIVATE KEY}. */
    public String privateKeyPem() {
        return Pem.pkcs8(pair.getPrivate());
    }

    /** The private key as PKCS#1: {@code BEGIN RSA PRIVATE KEY}; {@link IllegalStateException} for another kind of key. */
    public String rsaPrivateKeyPem() {
        if (pair.getPrivate() instanceof RSAPrivateCrtKey key) {
            return Pem.pkcs1(key);
        }
        throw new IllegalStateException("PKCS#1 is for RSA keys");
    }

    /** The private key as SEC 1: {@code BEGIN EC PRIVATE KEY}; {@link IllegalStateException} for another kind of key. */
    public String ecPrivateKeyPem() {
        if (keyType() != KeyType.EC_P256) {
            throw new IllegalStateException("SEC 1 is for EC keys");
        }
        return Pem.sec1(pair);
    }

    /** Shows this certificate to every peer, for an {@link javax.net.ssl.SSLContext} of a test's own. */
    public X509ExtendedKeyManager keyManager() {
        return new OneKeyManager(pair.getPrivate(), chain);
    }

    @Override
    public String toString() {
        return "TestCertificate[" + certificate().getSubjectX500Principal().getName() + ", " + keyType() + "]";
    }
}
