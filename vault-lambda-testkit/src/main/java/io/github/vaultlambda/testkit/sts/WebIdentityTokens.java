package io.github.vaultlambda.testkit.sts;

import io.github.vaultlambda.testkit.tls.Keys;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.Mint;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The issuer of an account's web identity tokens: signs them, and shows the keys to verify them with. Thread-safe. */
final class WebIdentityTokens {
    private static final String NAMESPACE = "https://sts.amazonaws.com/";
    private static final int EC_BYTES = 48;

    private final String issuer;
    private final String path;
    private final KeyPair rsa = Keys.sharedRsa("web-identity");
    private final KeyPair ec = Keys.ec("secp384r1");
    private final String rsaId = "RSA_" + Mint.text(6);
    private final String ecId = "EC384_" + Mint.text(6);

    /** An issuer below this address. */
    WebIdentityTokens(URI server) {
        this.path = "/" + Mint.uuid();
        this.issuer = server + path;
    }

    String issuer() {
        return issuer;
    }

    /** A token about this principal. */
    String token(
            String algorithm,
            List<String> audience,
            Map<String, String> tags,
            String principalArn,
            String account,
            String region,
            Instant from,
            Instant until) {
        boolean curve = algorithm.equals("ES384");
        Map<String, @Nullable Object> about = new LinkedHashMap<>();
        about.put("aws_account", account);
        about.put("source_region", region);
        about.put("principal_id", principalArn);
        if (!tags.isEmpty()) {
            about.put("request_tags", tags);
        }
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        claims.put("aud", audience.size() == 1 ? audience.get(0) : audience);
        claims.put("sub", principalArn);
        claims.put(NAMESPACE, about);
        claims.put("iss", issuer);
        claims.put("exp", until.getEpochSecond());
        claims.put("iat", from.getEpochSecond());
        claims.put("jti", Mint.uuid());
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("kid", curve ? ecId : rsaId);
        header.put("typ", "JWT");
        header.put("alg", algorithm);
        String content = base64(utf8(Json.write(header))) + "." + base64(utf8(Json.write(claims)));
        return content + "." + base64(sign(curve, utf8(content)));
    }

    private byte[] sign(boolean curve, byte[] content) {
        try {
            PrivateKey key = curve ? ec.getPrivate() : rsa.getPrivate();
            Signature signature = Signature.getInstance(curve ? "SHA384withECDSAinP1363Format" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with " + (curve ? "ES384" : "RS256"), e);
        }
    }

    /** The documents of OpenID Connect Discovery; null for another path. */
    @Nullable
    HttpAnswer document(String requested) {
        if (requested.equals(path + "/.well-known/openid-configuration")) {
            Map<String, @Nullable Object> configuration = new LinkedHashMap<>();
            configuration.put("issuer", issuer);
            configuration.put("jwks_uri", issuer + "/.well-known/jwks.json");
            configuration.put("response_types_supported", List.of("id_token"));
            configuration.put("subject_types_supported", List.of("public"));
            configuration.put("id_token_signing_alg_values_supported", List.of("RS256", "ES384"));
            return HttpAnswer.json(200, configuration);
        }
        if (requested.equals(path + "/.well-known/jwks.json")) {
            return HttpAnswer.json(200, Map.of("keys", List.of(rsaKey(), ecKey())));
        }
        return null;
    }

    private Map<String, Object> rsaKey() {
        RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "RSA");
        jwk.put("use", "sig");
        jwk.put("alg", "RS256");
        jwk.put("kid", rsaId);
        jwk.put("n", base64(unsigned(key.getModulus(), 0)));
        jwk.put("e", base64(unsigned(key.getPublicExponent(), 0)));
        return jwk;
    }

    private Map<String, Object> ecKey() {
        ECPoint point = ((ECPublicKey) ec.getPublic()).getW();
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "EC");
        jwk.put("use", "sig");
        jwk.put("alg", "ES384");
        jwk.put("kid", ecId);
        jwk.put("crv", "P-384");
        jwk.put("x", base64(unsigned(point.getAffineX(), EC_BYTES)));
        jwk.put("y", base64(unsigned(point.getAffineY(), EC_BYTES)));
        return jwk;
    }

    /** The number without its sign, in so many bytes at least. */
    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        int skip = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        int size = bytes.length - skip;
        byte[] out = new byte[Math.max(length, size)];
        System.arraycopy(bytes, skip, out, out.length - size, size);
        return out;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
