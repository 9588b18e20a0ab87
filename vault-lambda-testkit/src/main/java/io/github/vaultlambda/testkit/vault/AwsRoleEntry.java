package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A role of the AWS auth method. Immutable. */
record AwsRoleEntry(
        String roleId,
        String authType,
        Map<String, List<String>> bounds,
        boolean resolve,
        boolean noReauthentication,
        boolean migration,
        TokenParams token) {
    private static final String PRINCIPALS = "bound_iam_principal_arn";
    private static final List<String> EC2_BOUNDS =
            List.of("bound_account_id", "bound_region", "bound_ami_id", "bound_ec2_instance_id");
    // What would need more of AWS than the stand-in has.
    private static final List<String> REFUSED = List.of(
            "bound_iam_instance_profile_arn",
            "bound_iam_role_arn",
            "bound_subnet_id",
            "bound_vpc_id",
            "inferred_aws_region",
            "inferred_entity_type",
            "role_tag");

    /** The role after a write; what the fields do not name stays as it was. */
    static AwsRoleEntry written(@Nullable AwsRoleEntry known, Fields fields) throws VaultFailure {
        for (String refused : REFUSED) {
            if (!fields.text(refused).isEmpty()) {
                throw VaultFailure.bad("the Vault stand-in has no " + refused);
            }
        }
        Map<String, List<String>> bounds = new LinkedHashMap<>(known == null ? Map.of() : known.bounds);
        for (String bound : EC2_BOUNDS) {
            put(bounds, bound, fields);
        }
        put(bounds, PRINCIPALS, fields);
        boolean resolve = fields.flag("resolve_aws_unique_ids", known == null || known.resolve);
        if (resolve) {
            requireResolved(bounds.getOrDefault(PRINCIPALS, List.of()));
        }
        String authType = authType(known, fields);
        requireFit(bounds, authType);
        boolean ec2 = authType.equals("ec2");
        for (String flag : List.of("disallow_reauthentication", "allow_instance_migration")) {
            if (!ec2 && fields.has(flag)) {
                throw VaultFailure.bad("specified " + flag + " when not using ec2 auth type");
            }
        }
        boolean disallow = fields.flag("disallow_reauthentication", known != null && known.noReauthentication);
        boolean migration = fields.flag("allow_instance_migration", known != null && known.migration);
        if (disallow && migration) {
            throw VaultFailure.bad(
                    "cannot specify both disallow_reauthentication=true and allow_instance_migration=true");
        }
        return new AwsRoleEntry(
                known == null ? Mint.uuid() : known.roleId,
                authType,
                bounds,
                resolve,
                disallow,
                migration,
                TokenParams.written(known == null ? TokenParams.NONE : known.token, fields));
    }

    private static void put(Map<String, List<String>> bounds, String name, Fields fields) {
        if (fields.has(name)) {
            bounds.put(name, List.copyOf(fields.texts(name)));
        }
    }

    // The real Vault would ask IAM for the principal's id, with credentials of its own.
    private static void requireResolved(List<String> principals) throws VaultFailure {
        for (String principal : principals) {
            if (!principal.endsWith("*")) {
                throw VaultFailure.bad("unable to resolve ARN \"" + principal
                        + "\" to internal ID: the Vault stand-in has no IAM; set resolve_aws_unique_ids=false");
            }
        }
    }

    private static String authType(@Nullable AwsRoleEntry known, Fields fields) throws VaultFailure {
        String asked = fields.text("auth_type");
        if (!fields.has("auth_type")) {
            return known == null ? "iam" : known.authType;
        }
        if (known != null && !asked.equals(known.authType)) {
            throw VaultFailure.bad("changing auth_type on a role is not allowed");
        }
        if (!asked.equals("iam") && !asked.equals("ec2")) {
            throw VaultFailure.bad("unrecognized auth_type: " + asked);
        }
        return asked;
    }

    private static void requireFit(Map<String, List<String>> bounds, String authType) throws VaultFailure {
        boolean ec2 = authType.equals("ec2");
        boolean any = false;
        for (String bound : EC2_BOUNDS) {
            boolean set = !bounds.getOrDefault(bound, List.of()).isEmpty();
            any |= set;
            if (set && !ec2) {
                throw VaultFailure.bad("specified " + bound + " but not specifying ec2 auth_type"
                        + (bound.equals("bound_region") ? "" : " or inferring ec2_instance"));
            }
        }
        boolean principals = !bounds.getOrDefault(PRINCIPALS, List.of()).isEmpty();
        if (principals && ec2) {
            throw VaultFailure.bad("specified bound_iam_principal_arn but not specifying iam auth_type");
        }
        if (!any && !principals) {
            throw VaultFailure.bad("at least one bound parameter should be specified on the role");
        }
    }

    boolean binds(IamPrincipal principal) {
        for (String bound : bounds.getOrDefault(PRINCIPALS, List.of())) {
            boolean wild = bound.endsWith("*");
            String arn = principal.canonicalArn();
            if (wild ? arn.startsWith(bound.substring(0, bound.length() - 1)) : arn.equals(bound)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the bounds of that name is {@code value}, or there are none. */
    boolean allows(String bound, String value) {
        List<String> values = bounds.getOrDefault(bound, List.of());
        return values.isEmpty() || values.contains(value);
    }

    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> data = new TreeMap<>();
        for (String list : List.of(
                "bound_iam_instance_profile_arn",
                "bound_iam_principal_id",
                "bound_iam_role_arn",
                "bound_subnet_id",
                "bound_vpc_id")) {
            data.put(list, List.of());
        }
        for (String bound : EC2_BOUNDS) {
            data.put(bound, bounds.getOrDefault(bound, List.of()));
        }
        data.put("bound_ec2_instance_id", bounds.get("bound_ec2_instance_id"));
        data.put(PRINCIPALS, bounds.getOrDefault(PRINCIPALS, List.of()));
        for (String text : List.of("inferred_aws_region", "inferred_entity_type", "role_tag")) {
            data.put(text, "");
        }
        data.put("allow_instance_migration", migration);
        data.put("auth_type", authType);
        data.put("disallow_reauthentication", noReauthentication);
        data.put("resolve_aws_unique_ids", resolve);
        data.put("role_id", roleId);
        token.describe(data);
        return data;
    }
}
