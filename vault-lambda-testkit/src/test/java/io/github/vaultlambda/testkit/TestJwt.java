package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/** Signs JSON web tokens for the tests. */
final class TestJwt {
    private final KeyPair pair;
    private final String algorithm;
    private final String signature;

    private TestJwt(String kind, int bits, String algorithm, String signature) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(bits);
            this.pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        this.algorithm = algorithm;
        this.signature = signature;
    }

    static TestJwt rs256() {
        return new TestJwt("RSA", 2048, "RS256", "SHA256withRSA");
    }

    static TestJwt es256() {
        return new TestJwt("EC", 256, "ES256", "SHA256withECDSAinP1363Format");
    }

    String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    String sign(Map<String, ?> claims) {
        return sign(claims, algorithm);
    }

    /** With an algorithm in the header that need not be the one that signs. */
    String sign(Map<String, ?> claims, String named) {
        try {
            String text = base64(Json.write(Map.of("alg", named, "typ", "JWT")).getBytes(StandardCharsets.UTF_8)) + "."
                    + base64(Json.write(claims).getBytes(StandardCharsets.UTF_8));
            Signature signer = Signature.getInstance(signature);
            signer.initSign(pair.getPrivate());
            signer.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
