package io.github.vaultlambda.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Signs JSON web tokens; each is written into the ledger. Thread-safe. */
final class JwtIssuer {
    /** Made once, because an RSA key takes a while. */
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

    private final KeyPair pair;

    private JwtIssuer(KeyPair pair) {
        this.pair = pair;
    }

    /** The issuer of this name, who has a key of his own. */
    static JwtIssuer named(String name) {
        return new JwtIssuer(KEYS.computeIfAbsent(name, key -> newPair()));
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key to verify with, as PEM. */
    String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A token that says this, signed with RS256. */
    String sign(Map<String, ?> claims) {
        try {
            String text = base64(RawVault.JSON.writeValueAsBytes(Map.of("alg", "RS256", "typ", "JWT"))) + "."
                    + base64(RawVault.JSON.writeValueAsBytes(claims));
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(pair.getPrivate());
            signer.update(text.getBytes(US_ASCII));
            return SecretsLedger.add(text + "." + base64(signer.sign()));
        } catch (GeneralSecurityException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
