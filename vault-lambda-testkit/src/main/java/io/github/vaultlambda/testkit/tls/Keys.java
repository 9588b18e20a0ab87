package io.github.vaultlambda.testkit.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes key pairs. Thread-safe. */
public final class Keys {
    // An RSA pair takes a good part of a second, and no test cares which one it gets.
    private static final Map<String, KeyPair> SHARED_RSA = new ConcurrentHashMap<>();

    private Keys() {}

    /** A new RSA pair of 2048 bits. */
    public static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    /** The RSA pair that all of this process use for this purpose. */
    public static KeyPair sharedRsa(String purpose) {
        return SHARED_RSA.computeIfAbsent(purpose, key -> rsa());
    }

    /** A new DSA pair of 1024 bits, as EC2 signs instance identity documents with. */
    public static KeyPair dsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("DSA");
            generator.initialize(1024);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes DSA keys", e);
        }
    }

    /** A new pair on a curve of NIST, such as {@code secp256r1}. */
    public static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no keys on " + curve, e);
        }
    }
}
