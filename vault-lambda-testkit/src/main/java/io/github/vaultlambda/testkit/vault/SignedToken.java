package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON web token in its compact form. */
final class SignedToken {
    private final byte[] signed;
    private final byte[] signature;
    private final String algorithm;
    private final Map<String, @Nullable Object> claims;

    private SignedToken(byte[] signed, byte[] signature, String algorithm, Map<String, @Nullable Object> claims) {
        this.signed = signed;
        this.signature = signature;
        this.algorithm = algorithm;
        this.claims = claims;
    }

    /** Takes a token apart; the message of the exception is what the JOSE library behind Vault says. */
    static SignedToken parse(String text) throws TokenException {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new TokenException("go-jose/go-jose: compact JWS format must have three parts");
        }
        byte[] header = decode(parts[0]);
        byte[] payload = decode(parts[1]);
        byte[] signature = decode(parts[2]);
        try {
            Object algorithm = Json.readObject(header).get("alg");
            return new SignedToken(
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    signature,
                    algorithm == null ? "" : algorithm.toString(),
                    Json.readObject(payload));
        } catch (JsonException e) {
            throw new TokenException(e.getMessage() == null ? "invalid JSON" : e.getMessage());
        }
    }

    private static byte[] decode(String part) throws TokenException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            int at = 0;
            while (at < part.length()
                    && (Character.isLetterOrDigit(part.charAt(at)) || "-_".indexOf(part.charAt(at)) >= 0)) {
                at++;
            }
            throw new TokenException("illegal base64 data at input byte " + (at < part.length() ? at : at - at % 4));
        }
    }

    Map<String, @Nullable Object> claims() {
        return claims;
    }

    boolean verifiedByOneOf(List<PublicKey> keys) {
        for (PublicKey key : keys) {
            try {
                Signature check = signature();
                check.initVerify(key);
                check.update(signed);
                if (check.verify(signature)) {
                    return true;
                }
            } catch (GeneralSecurityException e) {
                // The key is of another kind, or the signature has no such form: not verified.
            }
        }
        return false;
    }

    private Signature signature() throws GeneralSecurityException {
        String bits = algorithm.length() == 5 ? algorithm.substring(2) : "";
        if (!algorithm.equals("EdDSA") && !List.of("256", "384", "512").contains(bits)) {
            throw new GeneralSecurityException("no such algorithm");
        }
        String hash = "SHA" + bits;
        switch (algorithm.substring(0, 2)) {
            case "RS" -> {
                return Signature.getInstance(hash + "withRSA");
            }
            case "ES" -> {
                return Signature.getInstance(hash + "withECDSAinP1363Format");
            }
            case "PS" -> {
                String name = "SHA-" + bits;
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(
                        new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), Integer.parseInt(bits) / 8, 1));
                return pss;
            }
            case "Ed" -> {
                return Signature.getInstance("Ed25519");
            }
            default -> throw new GeneralSecurityException("no such algorithm");
        }
    }
}
