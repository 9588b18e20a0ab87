package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code auth/token}: create, look up, renew and revoke tokens. */
final class TokenMethod implements Backend {
    private final TokenStore tokens;

    TokenMethod(TokenStore tokens) {
        this.tokens = tokens;
    }

    @Override
    public String type() {
        return "token";
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        boolean read = call.operation() == Operation.READ;
        boolean write = call.operation().writes();
        Fields fields = call.fields();
        switch (rest) {
            case "lookup-self" -> {
                if (read || write) {
                    return VaultAnswer.data(tokens.describe(call.caller()));
                }
            }
            case "lookup" -> {
                if (read || write) {
                    return VaultAnswer.data(tokens.describe(
                            fields.has("token") ? named(fields.text("token"), "bad token", 403) : call.caller()));
                }
            }
            case "lookup-accessor" -> {
                if (write) {
                    return VaultAnswer.data(lookUpAccessor(fields));
                }
            }
            case "renew-self" -> {
                if (write) {
                    return tokens.renew(call.caller(), fields.seconds("increment", 0));
                }
            }
            case "renew" -> {
                if (write) {
                    TokenEntry named =
                            fields.has("token") ? named(fields.text("token"), "token not found", 400) : call.caller();
                    return tokens.renew(named, fields.seconds("increment", 0));
                }
            }
            case "revoke-self" -> {
                if (write) {
                    return revoke(call.caller());
                }
            }
            case "revoke" -> {
                if (write) {
                    TokenEntry named = tokens.find(fields.text("token"));
                    return named == null ? VaultAnswer.none() : revoke(named);
                }
            }
            case "revoke-accessor" -> {
                if (write) {
                    return revokeAccessor(fields);
                }
            }
            case "create", "create-orphan" -> {
                if (write) {
                    return create(call, rest.equals("create-orphan"));
                }
            }
            default -> {
                throw Backend.unsupportedPath();
            }
        }
        throw Backend.unsupportedOperation();
    }

    private TokenEntry named(String id, String error, int status) throws VaultFailure {
        TokenEntry entry = tokens.find(id);
        if (entry == null) {
            throw new VaultFailure(status, List.of(error));
        }
        return entry;
    }

    private Map<String, @Nullable Object> lookUpAccessor(Fields fields) throws VaultFailure {
        TokenEntry entry = tokens.findByAccessor(fields.text("accessor"));
        if (entry == null) {
            throw new VaultFailure(403, List.of("1 error occurred:\n\t* invalid accessor\n\n"));
        }
        Map<String, @Nullable Object> data = tokens.describe(entry);
        data.put("id", "");
        return data;
    }

    private VaultAnswer revoke(TokenEntry entry) throws VaultFailure {
        if (entry.batch) {
            throw VaultFailure.bad("batch tokens cannot be revoked");
        }
        tokens.revoke(entry);
        return VaultAnswer.none();
    }

    private VaultAnswer revokeAccessor(Fields fields) throws VaultFailure {
        String accessor = fields.text("accessor");
        if (accessor.isEmpty()) {
            throw VaultFailure.wrapped(400, "missing accessor");
        }
        TokenEntry entry = tokens.findByAccessor(accessor);
        return entry == null ? VaultAnswer.warning("No token found with this accessor") : revoke(entry);
    }

    private VaultAnswer create(VaultCall call, boolean orphanPath) throws VaultFailure {
        TokenEntry parent = call.caller();
        Fields fields = call.fields();
        boolean batch = fields.text("type").equals("batch");
        if (parent.batch) {
            throw VaultFailure.bad("batch tokens cannot create more tokens");
        }
        List<String> asked = fields.texts("policies");
        if (!parent.root() && !parent.policies.containsAll(TokenStore.policies(asked, false))) {
            throw VaultFailure.bad("child policies must be subset of parent");
        }
        List<String> policies = asked.isEmpty()
                ? parent.policies
                : TokenStore.policies(asked, !fields.flag("no_default_policy", false));
        Map<String, @Nullable Object> metaFields = fields.map("meta");
        Map<String, String> meta = null;
        if (metaFields != null) {
            meta = new LinkedHashMap<>();
            for (Map.Entry<String, @Nullable Object> entry : metaFields.entrySet()) {
                meta.put(entry.getKey(), String.valueOf(entry.getValue()));
            }
        }
        String display = fields.text("display_name");
        List<String> warnings = new ArrayList<>();
        TokenEntry entry = tokens.issue(
                new TokenStore.Order(
                        policies,
                        display.isEmpty() ? "token" : "token-" + display,
                        "auth/token/create" + (orphanPath ? "-orphan" : ""),
                        batch,
                        orphanPath || fields.flag("no_parent", false),
                        fields.flag("renewable", true),
                        "",
                        meta,
                        new TokenEntry.Lifetime(
                                fields.seconds("ttl", 0),
                                0,
                                fields.seconds("period", 0),
                                fields.seconds("explicit_max_ttl", 0)),
                        fields.number("num_uses", 0),
                        null),
                warnings);
        return VaultAnswer.auth(TokenStore.auth(entry, entry.lastTtl), warnings);
    }
}
