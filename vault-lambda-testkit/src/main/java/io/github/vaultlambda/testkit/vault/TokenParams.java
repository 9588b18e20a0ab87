package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code token_*} parameters that a role of every auth method has. Immutable; times in seconds. */
record TokenParams(
        List<String> boundCidrs,
        long explicitMaxTtl,
        long maxTtl,
        boolean noDefaultPolicy,
        long period,
        List<String> policies,
        String type,
        int uses,
        long ttl) {
    static final TokenParams NONE = new TokenParams(List.of(), 0, 0, false, 0, List.of(), "default", 0, 0);

    /** The parameters after a write; what the fields do not name stays. The older names without the prefix count too. */
    static TokenParams written(TokenParams old, Fields fields) throws VaultFailure {
        String policyField = named(fields, "policies");
        String type = fields.has("token_type") ? fields.text("token_type") : old.type;
        TokenParams params = new TokenParams(
                fields.has("token_bound_cidrs") ? LocalCidrs.of(fields, "token_bound_cidrs") : old.boundCidrs,
                fields.seconds("token_explicit_max_ttl", old.explicitMaxTtl),
                fields.seconds(named(fields, "max_ttl"), old.maxTtl),
                fields.flag("token_no_default_policy", old.noDefaultPolicy),
                fields.seconds(named(fields, "period"), old.period),
                fields.has(policyField) ? TokenStore.policies(fields.texts(policyField), false) : old.policies,
                type.isEmpty() ? "default" : type,
                fields.number("token_num_uses", old.uses),
                fields.seconds(named(fields, "ttl"), old.ttl));
        params.check();
        return params;
    }

    private static String named(Fields fields, String name) {
        return fields.has("token_" + name) ? "token_" + name : name;
    }

    private void check() throws VaultFailure {
        if (!List.of("default", "service", "batch").contains(type)) {
            throw VaultFailure.bad("invalid 'token_type' value \"" + type + "\"");
        }
        if (uses < 0) {
            throw VaultFailure.bad("'token_num_uses' cannot be negative");
        }
        if (batch() && period != 0) {
            throw VaultFailure.bad(
                    "'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens");
        }
        if (batch() && uses != 0) {
            throw VaultFailure.bad("'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with"
                    + " limited use count");
        }
        if (maxTtl > 0 && ttl > maxTtl) {
            throw VaultFailure.bad("'token_ttl' cannot be greater than 'token_max_ttl'");
        }
    }

    boolean batch() {
        return type.equals("batch");
    }

    TokenEntry.Lifetime lifetime() {
        return new TokenEntry.Lifetime(ttl, maxTtl, period, explicitMaxTtl);
    }

    /** Adds what reading a role shows. */
    void describe(Map<String, @Nullable Object> data) {
        data.put("token_bound_cidrs", boundCidrs);
        data.put("token_explicit_max_ttl", explicitMaxTtl);
        data.put("token_max_ttl", maxTtl);
        data.put("token_no_default_policy", noDefaultPolicy);
        data.put("token_num_uses", uses);
        data.put("token_period", period);
        data.put("token_policies", policies);
        data.put("token_ttl", ttl);
        data.put("token_type", type);
    }
}
