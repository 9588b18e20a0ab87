package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A role of the JWT auth method. Immutable; times in seconds. */
record JwtRoleEntry(
        List<String> boundAudiences,
        String boundSubject,
        Map<String, @Nullable Object> boundClaims,
        boolean globs,
        Map<String, @Nullable Object> claimMappings,
        String userClaim,
        boolean userClaimPointer,
        long clockSkewLeeway,
        long expirationLeeway,
        long notBeforeLeeway,
        TokenParams token) {
    private static final JwtRoleEntry BLANK =
            new JwtRoleEntry(List.of(), "", Map.of(), false, Map.of(), "", false, 0, 0, 0, TokenParams.NONE);

    /** The role after a write; what the fields do not name stays as it was. */
    static JwtRoleEntry written(@Nullable JwtRoleEntry known, Fields fields) throws VaultFailure {
        JwtRoleEntry old = known == null ? BLANK : known;
        String type = fields.text("role_type").isEmpty() ? "oidc" : fields.text("role_type");
        if (!type.equals("jwt") && !type.equals("oidc")) {
            throw VaultFailure.bad("invalid 'role_type': " + type);
        }
        TokenParams token = TokenParams.written(old.token, fields);
        String claimsType = fields.has("bound_claims_type") ? fields.text("bound_claims_type") : "string";
        if (!claimsType.equals("string") && !claimsType.equals("glob")) {
            throw VaultFailure.bad("invalid 'bound_claims_type': " + claimsType);
        }
        Map<String, @Nullable Object> claims = fields.map("bound_claims");
        Map<String, @Nullable Object> mappings = fields.map("claim_mappings");
        JwtRoleEntry role = new JwtRoleEntry(
                fields.has("bound_audiences") ? List.copyOf(fields.texts("bound_audiences")) : old.boundAudiences,
                fields.has("bound_subject") ? fields.text("bound_subject") : old.boundSubject,
                claims == null ? old.boundClaims : claims,
                claimsType.equals("glob"),
                mappings == null ? old.claimMappings : mappings,
                fields.has("user_claim") ? fields.text("user_claim") : old.userClaim,
                fields.flag("user_claim_json_pointer", old.userClaimPointer),
                leeway(fields, "clock_skew_leeway", old.clockSkewLeeway),
                leeway(fields, "expiration_leeway", old.expirationLeeway),
                leeway(fields, "not_before_leeway", old.notBeforeLeeway),
                token);
        role.check(type);
        return role;
    }

    // These may be negative: then there is no leeway at all.
    private static long leeway(Fields fields, String name, long old) throws VaultFailure {
        try {
            Object given = fields.raw().get(name);
            return given == null ? old : GoDuration.seconds(given);
        } catch (NumberFormatException e) {
            throw fields.invalid(name, "time: invalid duration \"" + fields.text(name) + "\"");
        }
    }

    private void check(String type) throws VaultFailure {
        if (userClaim.isEmpty()) {
            throw VaultFailure.bad("a user claim must be defined on the role");
        }
        if (type.equals("oidc")) {
            throw VaultFailure.bad("'allowed_redirect_uris' must be set if 'role_type' is 'oidc' or unspecified.");
        }
        if (boundAudiences.isEmpty()
                && token.boundCidrs().isEmpty()
                && boundSubject.isEmpty()
                && boundClaims.isEmpty()) {
            throw VaultFailure.bad("must have at least one bound constraint when creating/updating a role");
        }
    }

    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("allowed_redirect_uris", null);
        data.put("bound_audiences", boundAudiences.isEmpty() ? null : boundAudiences);
        data.put("bound_claims", boundClaims.isEmpty() ? null : boundClaims);
        data.put("bound_claims_type", globs ? "glob" : "string");
        data.put("bound_subject", boundSubject);
        data.put("claim_mappings", claimMappings.isEmpty() ? null : claimMappings);
        data.put("clock_skew_leeway", clockSkewLeeway);
        data.put("expiration_leeway", expirationLeeway);
        data.put("groups_claim", "");
        data.put("max_age", 0);
        data.put("not_before_leeway", notBeforeLeeway);
        data.put("oidc_scopes", null);
        data.put("role_type", "jwt");
        data.put("user_claim", userClaim);
        data.put("user_claim_json_pointer", userClaimPointer);
        data.put("verbose_oidc_logging", false);
        token.describe(data);
        return data;
    }
}
