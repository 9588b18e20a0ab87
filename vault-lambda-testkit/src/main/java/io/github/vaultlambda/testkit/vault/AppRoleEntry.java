package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A role of the AppRole auth method. Immutable; times in seconds. */
record AppRoleEntry(
        String roleId,
        boolean bindSecretId,
        List<String> secretIdCidrs,
        int secretIdUses,
        long secretIdTtl,
        boolean localSecretIds,
        TokenParams token) {
    private static final AppRoleEntry BLANK = new AppRoleEntry("", true, List.of(), 0, 0, false, TokenParams.NONE);

    /** The role after a write; what the fields do not name stays as it was. */
    static AppRoleEntry written(@Nullable AppRoleEntry known, Fields fields) throws VaultFailure {
        AppRoleEntry old = known == null ? BLANK : known;
        if (known != null && fields.has("local_secret_ids")) {
            throw VaultFailure.bad("local_secret_ids can only be modified during role creation");
        }
        TokenParams token = TokenParams.written(old.token, fields);
        String fresh = known == null ? Mint.uuid() : old.roleId;
        AppRoleEntry role = new AppRoleEntry(
                fields.has("role_id") ? fields.text("role_id") : fresh,
                fields.flag("bind_secret_id", old.bindSecretId),
                fields.has("secret_id_bound_cidrs")
                        ? LocalCidrs.of(fields, "secret_id_bound_cidrs")
                        : old.secretIdCidrs,
                fields.number("secret_id_num_uses", old.secretIdUses),
                fields.seconds("secret_id_ttl", old.secretIdTtl),
                fields.flag("local_secret_ids", old.localSecretIds),
                token);
        if (role.roleId.isEmpty()) {
            throw VaultFailure.bad("invalid role_id supplied, or failed to generate a role_id");
        }
        if (role.secretIdUses < 0) {
            throw VaultFailure.bad("secret_id_num_uses cannot be negative");
        }
        if (!role.bindSecretId
                && role.secretIdCidrs.isEmpty()
                && token.boundCidrs().isEmpty()) {
            throw VaultFailure.wrapped(500, "at least one constraint should be enabled on the role");
        }
        return role;
    }

    AppRoleEntry withRoleId(String id) {
        return new AppRoleEntry(id, bindSecretId, secretIdCidrs, secretIdUses, secretIdTtl, localSecretIds, token);
    }

    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("bind_secret_id", bindSecretId);
        data.put("local_secret_ids", localSecretIds);
        data.put("secret_id_bound_cidrs", secretIdCidrs.isEmpty() ? null : secretIdCidrs);
        data.put("secret_id_num_uses", secretIdUses);
        data.put("secret_id_ttl", secretIdTtl);
        token.describe(data);
        return data;
    }
}
