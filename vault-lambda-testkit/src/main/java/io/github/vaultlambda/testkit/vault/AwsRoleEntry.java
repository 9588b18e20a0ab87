package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A role of the AWS auth method. Immutable. */
record AwsRoleEntry(String roleId, List<String> principals, TokenParams token) {
    private static final AwsRoleEntry BLANK = new AwsRoleEntry("", List.of(), TokenParams.NONE);

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
        return new AwsRoleEntry(fresh ? Mint.uuid() : old.roleId, principals, TokenParams.written(old.token, fields));
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
                "bound_vpc_id")) {
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
        token.describe(data);
        return data;
    }
}
