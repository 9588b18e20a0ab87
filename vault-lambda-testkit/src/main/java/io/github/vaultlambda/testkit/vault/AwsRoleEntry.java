package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A role of the AWS auth method. Immutable. */
record AwsRoleEntry(
        String roleId,
        List<String> principals,
        List<String> policies,
        long ttl,
        long maxTtl,
        long explicitMaxTtl,
        long period,
        int uses,
        String tokenType,
        boolean noDefaultPolicy) {
    private static final AwsRoleEntry BLANK =
            new AwsRoleEntry("", List.of(), List.of(), 0, 0, 0, 0, 0, "default", false);

    /** The role after a write; what the fields do not name stays as it was. */
    static AwsRoleEntry written(@Nullable AwsRoleEntry known, Fields fields) throws VaultFailure {
        boolean fresh = known == null;
        AwsRoleEntry old = known == null ? BLANK : known;
        String authType = fields.text("auth_type");
        if (!authType.isEmpty() && !authType.equals("iam")) {
            throw VaultFailure.bad(
                    authType.equals("ec2")
                            ? "the Vault stand-in supports auth_type iam only"
                            : "unrecognized auth_type: " + authType);
        }
        List<String> principals = fields.has("bound_iam_principal_arn")
                ? List.copyOf(fields.texts("bound_iam_principal_arn"))
                : old.principals;
        if (principals.isEmpty()) {
            throw VaultFailure.bad("at least one bound parameter should be specified on the role");
        }
        if (fields.flag("resolve_aws_unique_ids", fresh)) {
            // The real Vault would ask IAM for the principal's id, with credentials of its own.
            throw VaultFailure.bad("unable to resolve ARN \"" + principals.get(0)
                    + "\" to internal ID: the Vault stand-in has no IAM; set resolve_aws_unique_ids=false");
        }
        String policyField = fields.has("token_policies") ? "token_policies" : "policies";
        String ttlField = fields.has("token_ttl") ? "token_ttl" : "ttl";
        String maxField = fields.has("token_max_ttl") ? "token_max_ttl" : "max_ttl";
        String periodField = fields.has("token_period") ? "token_period" : "period";
        AwsRoleEntry role = new AwsRoleEntry(
                fresh ? Mint.uuid() : old.roleId,
                principals,
                fields.has(policyField) ? TokenStore.policies(fields.texts(policyField), false) : old.policies,
                fields.seconds(ttlField, old.ttl),
                fields.seconds(maxField, old.maxTtl),
                fields.seconds("token_explicit_max_ttl", old.explicitMaxTtl),
                fields.seconds(periodField, old.period),
                fields.number("token_num_uses", old.uses),
                fields.has("token_type") ? fields.text("token_type") : old.tokenType,
                fields.flag("token_no_default_policy", old.noDefaultPolicy));
        role.check();
        return role;
    }

    private void check() throws VaultFailure {
        if (!List.of("service", "batch", "default", "default-service", "default-batch")
                .contains(tokenType)) {
            throw VaultFailure.bad("invalid 'token_type' value \"" + tokenType + "\"");
        }
        if (ttl < 0) {
            throw VaultFailure.bad("'token_ttl' cannot be negative");
        }
        if (maxTtl > 0 && ttl > maxTtl) {
            throw VaultFailure.bad("'token_ttl' cannot be greater than 'token_max_ttl'");
        }
        if (batch() && uses != 0) {
            throw VaultFailure.bad("'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with"
                    + " limited use count");
        }
        if (batch() && period != 0) {
            throw VaultFailure.bad(
                    "'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens");
        }
    }

    boolean batch() {
        return tokenType.endsWith("batch");
    }

    boolean binds(IamPrincipal principal) {
        for (String bound : principals) {
            boolean wild = bound.endsWith("*");
            String arn = principal.canonicalArn();
            if (wild ? arn.startsWith(bound.substring(0, bound.length() - 1)) : arn.equals(bound)) {
                return true;
            }
        }
        return false;
    }

    TokenEntry.Lifetime lifetime() {
        return new TokenEntry.Lifetime(ttl, maxTtl, period, explicitMaxTtl);
    }

    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> data = new TreeMap<>();
        for (String list : List.of(
                "bound_account_id",
                "bound_ami_id",
                "bound_iam_instance_profile_arn",
                "bound_iam_principal_id",
                "bound_iam_role_arn",
                "bound_region",
                "bound_subnet_id",
                "bound_vpc_id",
                "token_bound_cidrs")) {
            data.put(list, List.of());
        }
        for (String flag : List.of("allow_instance_migration", "disallow_reauthentication", "resolve_aws_unique_ids")) {
            data.put(flag, false);
        }
        for (String text : List.of("inferred_aws_region", "inferred_entity_type", "role_tag")) {
            data.put(text, "");
        }
        data.put("bound_ec2_instance_id", null);
        data.put("auth_type", "iam");
        data.put("bound_iam_principal_arn", principals);
        data.put("role_id", roleId);
        data.put("token_explicit_max_ttl", explicitMaxTtl);
        data.put("token_max_ttl", maxTtl);
        data.put("token_no_default_policy", noDefaultPolicy);
        data.put("token_num_uses", uses);
        data.put("token_period", period);
        data.put("token_policies", policies);
        data.put("token_ttl", ttl);
        data.put("token_type", tokenType);
        return data;
    }
}
