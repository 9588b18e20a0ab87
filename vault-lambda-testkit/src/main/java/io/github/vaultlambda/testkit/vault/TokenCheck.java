package io.github.vaultlambda.testkit.vault;

import java.math.BigDecimal;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON web token must say to be believed. Leeways in seconds: 0 stands for Vault's default, a negative one for
 * none.
 */
record TokenCheck(
        List<PublicKey> keys,
        boolean signatureNeeded,
        String issuer,
        String subject,
        List<String> audiences,
        long notBeforeLeeway,
        long expirationLeeway,
        long clockSkewLeeway,
        boolean timeless) {
    private static final long DEFAULT_LEEWAY = 150;
    private static final long DEFAULT_SKEW = 60;

    /** The claims of a token that passes. */
    Map<String, @Nullable Object> claims(String text, Instant now) throws TokenException {
        Map<String, @Nullable Object> claims = verified(text);
        if (!issuer.isEmpty() && !issuer.equals(text(claims, "iss"))) {
            throw new TokenException("invalid issuer (iss) claim");
        }
        String sub = text(claims, "sub");
        if (!subject.isEmpty() && !subject.equals(sub)) {
            throw new TokenException("invalid subject (sub) claim");
        }
        if (!audiences.isEmpty() && audiences.stream().noneMatch(audiences(claims)::contains)) {
            throw new TokenException(
                    "invalid audience (aud) claim: audience claim does not match any expected audience");
        }
        checkTimes(claims, now);
        return claims;
    }

    private Map<String, @Nullable Object> verified(String text) throws TokenException {
        String fault;
        try {
            SignedToken token = SignedToken.parse(text);
            if (!signatureNeeded || token.verifiedByOneOf(keys)) {
                return token.claims();
            }
            fault = "no known key successfully validated the token signature";
        } catch (TokenException e) {
            fault = e.fault();
        }
        throw new TokenException("error verifying token signature: " + fault);
    }

    private static String text(Map<String, @Nullable Object> claims, String name) throws TokenException {
        Object value = claims.get(name);
        if (value == null || value instanceof String) {
            return value == null ? "" : value.toString();
        }
        String type = value instanceof Number
                ? "number"
                : value instanceof Boolean ? "bool" : value instanceof List<?> ? "array" : "object";
        throw new TokenException(
                "json: cannot unmarshal " + type + " into Go struct field Claims." + name + " of type string");
    }

    static List<String> audiences(Map<String, @Nullable Object> claims) {
        Object value = claims.get("aud");
        List<String> audiences = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> audiences.add(String.valueOf(item)));
        } else if (value != null && !value.toString().isEmpty()) {
            audiences.add(value.toString());
        }
        return audiences;
    }

    private static long time(Map<String, @Nullable Object> claims, String name) throws TokenException {
        Object value = claims.get(name);
        if (value == null) {
            return 0;
        }
        if (!(value instanceof Number)) {
            throw new TokenException("go-jose/go-jose/jwt: expected number value to unmarshal NumericDate");
        }
        return new BigDecimal(value.toString()).longValue();
    }

    private void checkTimes(Map<String, @Nullable Object> claims, Instant now) throws TokenException {
        long issued = time(claims, "iat");
        long expires = time(claims, "exp");
        long notBefore = time(claims, "nbf");
        if (issued == 0 && expires == 0 && notBefore == 0) {
            if (timeless) {
                return;
            }
            throw new TokenException("no issued at (iat), not before (nbf), or expiration time (exp) claims in token");
        }
        if (expires == 0) {
            expires = Math.max(issued, notBefore) + leeway(expirationLeeway, DEFAULT_LEEWAY);
        }
        if (notBefore == 0) {
            notBefore = issued != 0 ? issued : expires - leeway(notBeforeLeeway, DEFAULT_LEEWAY);
        }
        long skew = leeway(clockSkewLeeway, DEFAULT_SKEW);
        Instant latest = now.plusSeconds(skew);
        if (latest.isBefore(Instant.ofEpochSecond(notBefore))) {
            throw new TokenException("invalid not before (nbf) claim: token not yet valid");
        }
        if (now.minusSeconds(skew).isAfter(Instant.ofEpochSecond(expires))) {
            throw new TokenException("invalid expiration time (exp) claim: token is expired");
        }
        if (latest.isBefore(Instant.ofEpochSecond(issued))) {
            throw new TokenException("invalid issued at (iat) claim: token issued in the future");
        }
    }

    private static long leeway(long given, long fallback) {
        return given == 0 ? fallback : Math.max(0, given);
    }
}
