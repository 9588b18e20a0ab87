package io.github.vaultlambda.http;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The certificate and key that we show to a server, read from PEM files. */
final class ClientKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";
    private static final byte[] PROBE = new byte[32];

    /** AlgorithmIdentifier of RSA keys: the object identifier 1.2.840.113549.1.1.1 and NULL. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private final X509Certificate[] chain;
    private final PrivateKey key;

    private ClientKey(X509Certificate[] chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads both files, which may be the same.
     *
     * @param certificateFile the certificate and those above it, in any order
     * @param keyFile the key: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted
     * @throws IllegalArgumentException when that does not work; the message names the file
     */
    static ClientKey read(Path certificateFile, Path keyFile) {
        List<X509Certificate> certificates = Pem.read(certificateFile).certificates();
        Pem pem = Pem.read(keyFile);
        while (pem.next()) {
            if (pem.label().endsWith("PRIVATE KEY")) {
                return matching(certificates, certificateFile, pem);
            }
        }
        throw new IllegalArgumentException(pem.source() + " holds no private key in PEM form");
    }

    private static ClientKey matching(List<X509Certificate> certificates, Path certificateFile, Pem pem) {
        boolean ofCurve = pem.label().equals("EC PRIVATE KEY");
        PrivateKey key = null;
        if (!ofCurve || pem.content().length == 0) {
            key = key(pem);
        }
        for (X509Certificate candidate : certificates) {
            PublicKey publicKey = candidate.getPublicKey();
            if (ofCurve) {
                // The old form may leave the curve to the certificate.
                key = publicKey.getAlgorithm().equals("EC")
                        ? decoded("EC", pkcs8(algorithmOf(publicKey), pem.content()))
                        : key;
                if (key == null && publicKey.getAlgorithm().equals("EC")) {
                    throw unreadable(pem);
                }
            }
            if (key != null && belongTogether(key, publicKey)) {
                return new ClientKey(chainFrom(candidate, certificates), key);
            }
        }
        throw new IllegalArgumentException(
                "the key in " + pem.source() + " does not belong to the certificate in the file " + certificateFile);
    }

    private static PrivateKey key(Pem pem) {
        if (pem.label().startsWith("ENCRYPTED") || pem.content().length == 0) {
            throw new IllegalArgumentException(
                    pem.source() + " holds an encrypted private key: it must not be encrypted");
        }
        PrivateKey key = null;
        if (pem.label().equals("RSA PRIVATE KEY")) {
            key = decoded("RSA", pkcs8(RSA, pem.content()));
        } else if (pem.label().equals("PRIVATE KEY")) {
            key = decoded("RSA", pem.content());
            key = key == null ? decoded("EC", pem.content()) : key;
        }
        if (key == null) {
            throw unreadable(pem);
        }
        return key;
    }

    private static @Nullable PrivateKey decoded(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            return null; // of another algorithm or broken; the exception may quote the key
        }
    }

    private static IllegalArgumentException unreadable(Pem pem) {
        return new IllegalArgumentException(
                pem.source() + " holds a private key that cannot be read; RSA and EC keys can");
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // of another curve, for instance
        }
    }

    /** The certificate, its issuer, whose issuer, as far as they are there: servers want them in this order. */
    private static X509Certificate[] chainFrom(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate next = leaf;
        while (next != null && !chain.contains(next)) {
            chain.add(next);
            X509Certificate issuer = null;
            for (X509Certificate candidate : certificates) {
                if (candidate.getSubjectX500Principal().equals(next.getIssuerX500Principal())) {
                    issuer = candidate;
                }
            }
            next = issuer;
        }
        return chain.toArray(new X509Certificate[0]);
    }

    /** The AlgorithmIdentifier of a public key, which names its curve: the first part of its encoding. */
    private static byte[] algorithmOf(PublicKey publicKey) {
        byte[] encoded = publicKey.getEncoded();
        int start = (encoded[1] & 0xff) < 0x80 ? 2 : 2 + (encoded[1] & 0x7f);
        return Arrays.copyOfRange(encoded, start, start + 2 + encoded[start + 1]);
    }

    /** PrivateKeyInfo of RFC 5208 around the older forms: version 0, algorithm, key. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 0x01, 0x00};
        return der(0x30, version, algorithm, der(0x04, key));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] size = length < 0x80
                ? new byte[] {(byte) length}
                : length < 0x100
                        ? new byte[] {(byte) 0x81, (byte) length}
                        : new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
        byte[] encoded = new byte[1 + size.length + length];
        encoded[0] = (byte) tag;
        System.arraycopy(size, 0, encoded, 1, size.length);
        int position = 1 + size.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, encoded, position, part.length);
            position += part.length;
        }
        return encoded;
    }

    /** Ours whenever the server can use it: if it wants another issuer, it says so more clearly than silence would. */
    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        for (String type : keyTypes) {
            if (type.equals(key.getAlgorithm())) {
                return ALIAS;
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return alias.equals(ALIAS) ? chain.clone() : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return alias.equals(ALIAS) ? key : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return keyType.equals(key.getAlgorithm()) ? new String[] {ALIAS} : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
