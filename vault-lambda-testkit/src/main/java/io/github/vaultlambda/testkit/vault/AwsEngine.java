package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The AWS secrets engine: access keys of IAM users, whose lease can be renewed, and sessions of assumed roles, whose lease
 * cannot. No AWS knows the keys. Other credential types are refused.
 */
final class AwsEngine implements Backend {
    private record Role(String credentialType, List<String> roleArns, long defaultTtl, long maxTtl) {}

    private final RoleTable<Role> roles = RoleTable.exact("roles/", AwsEngine::written, AwsEngine::describe);
    private long leaseTtl;
    private long leaseMaxTtl;

    @Override
    public String type() {
        return "aws";
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (roles.serves(rest)) {
            return roles.handle(call, rest);
        }
        if (rest.equals("config/root") || rest.equals("config/lease")) {
            return configured(call, rest);
        }
        int slash = rest.indexOf('/');
        String area = slash < 0 ? "" : rest.substring(0, slash);
        if (!area.equals("creds") && !area.equals("sts")) {
            throw Backend.unsupportedPath();
        }
        if (call.operation() != Operation.READ && !call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        return credentials(call, rest.substring(slash + 1));
    }

    private VaultAnswer configured(VaultCall call, String rest) throws VaultFailure {
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        if (rest.equals("config/lease")) {
            leaseTtl = call.fields().seconds("lease", 0);
            leaseMaxTtl = call.fields().seconds("lease_max", 0);
        }
        return VaultAnswer.none();
    }

    private VaultAnswer credentials(VaultCall call, String name) throws VaultFailure {
        Role role = roles.get(name);
        if (role == null) {
            throw VaultFailure.bad("Role \"" + name + "\" not found");
        }
        String accessKey = Mint.awsId(role.credentialType().equals("iam_user") ? "AKIA" : "ASIA");
        if (role.credentialType().equals("iam_user")) {
            Map<String, @Nullable Object> data = new TreeMap<>();
            data.put("access_key", accessKey);
            data.put("secret_key", Mint.secret(""));
            data.put("session_token", null);
            return VaultAnswer.data(data).leasedAs(new Key(0, true));
        }
        Fields fields = call.fields();
        String arn = fields.text("role_arn");
        if (arn.isEmpty()) {
            if (role.roleArns().size() != 1) {
                throw VaultFailure.bad("did not supply a role_arn parameter and unable to determine one");
            }
            arn = role.roleArns().get(0);
        } else if (!role.roleArns().contains(arn)) {
            throw VaultFailure.bad("role_arn \"" + arn + "\" not in allowed role arns for Vault role \"" + name + "\"");
        }
        long asked = fields.seconds("ttl", role.defaultTtl() > 0 ? role.defaultTtl() : 3600);
        long ttl = Math.min(asked, role.maxTtl() > 0 ? role.maxTtl() : TokenStore.SYSTEM_TTL);
        String token = Mint.secret("");
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("access_key", accessKey);
        data.put("secret_key", Mint.secret(""));
        data.put("security_token", token);
        data.put("session_token", token);
        data.put("arn", arn.replaceFirst(":iam:", ":sts:").replaceFirst(":role/", ":assumed-role/") + "/vault");
        data.put("ttl", ttl);
        return VaultAnswer.data(data).leasedAs(new Key(ttl, false));
    }

    // A lease is renewed by what config/lease says now, and a session's is not renewed.
    private final class Key implements LeasedSecret {
        private final long ttl;
        private final boolean user;

        Key(long ttl, boolean user) {
            this.ttl = ttl;
            this.user = user;
        }

        @Override
        public TokenEntry.Lifetime lifetime() {
            return user ? new TokenEntry.Lifetime(leaseTtl, leaseMaxTtl, 0, 0) : new TokenEntry.Lifetime(ttl, 0, 0, 0);
        }

        @Override
        public boolean renewable() {
            return user;
        }

        @Override
        public void end() {
            // No AWS knows the key, so there is nobody to take it back from.
        }
    }

    private static Role written(String name, @Nullable Role known, Fields fields) throws VaultFailure {
        String type = fields.has("credential_type")
                ? fields.text("credential_type")
                : known == null ? "" : known.credentialType();
        List<String> arns =
                fields.has("role_arns") ? fields.texts("role_arns") : known == null ? List.of() : known.roleArns();
        long defaultTtl = fields.seconds("default_sts_ttl", known == null ? 0 : known.defaultTtl());
        long maxTtl = fields.seconds("max_sts_ttl", known == null ? 0 : known.maxTtl());
        String fault = "";
        if (type.isEmpty()) {
            fault = "did not supply credential_type";
        } else if (!type.equals("iam_user") && !type.equals("assumed_role")) {
            fault = "unrecognized credential type: " + type;
        } else if (maxTtl > 0 && defaultTtl > maxTtl) {
            fault = "\"default_sts_ttl\" value must be less than or equal to \"max_sts_ttl\" value";
        }
        if (!fault.isEmpty()) {
            String list = "1 error occurred:\\n\\t* " + fault.replace("\"", "\\\"") + "\\n\\n";
            throw VaultFailure.bad("error(s) validating supplied role data: \"" + list + "\"");
        }
        return new Role(type, arns, defaultTtl, maxTtl);
    }

    private static Map<String, @Nullable Object> describe(Role role) {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("credential_type", role.credentialType());
        data.put("default_sts_ttl", role.defaultTtl());
        data.put("external_id", "");
        data.put("iam_groups", null);
        data.put("iam_tags", null);
        data.put("max_sts_ttl", role.maxTtl());
        data.put("mfa_serial_number", "");
        data.put("permissions_boundary_arn", "");
        data.put("policy_arns", null);
        data.put("policy_document", "");
        data.put("role_arns", role.roleArns());
        data.put("session_tags", null);
        data.put("user_path", "");
        return data;
    }
}
