package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code auth/token}: create, look up, renew and revoke tokens. */
final class TokenMethod implements Backend {
    private final TokenStore tokens;
    private final PolicyStore policies;

    TokenMethod(TokenStore tokens, PolicyStore policies) {
        this.tokens = tokens;
        this.policies = policies;
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
                    return tokens.renew(call.caller(), fields.seconds("increment", 0), call.peerCertificates());
                }
            }
            case "renew" -> {
                if (write) {
                    TokenEntry named =
                            fields.has("token") ? named(fields.text("token"), "token not found", 400) : call.caller();
                    return tokens.renew(named, fields.seconds("increment", 0), call.peerCertificates());
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
        if (parent.uses < 0) {
            throw VaultFailure.bad("parent token lookup failed: no parent found");
        }
        if (parent.batch) {
            throw VaultFailure.bad("batch tokens cannot create more tokens");
        }
        if (parent.uses > 0) {
            throw VaultFailure.bad("restricted use token cannot generate child tokens");
        }
        boolean sudo = policies.acl(parent).allows(Operation.UPDATE, call.path(), true, 0);
        int uses = fields.number("num_uses", 0);
        boolean batch = batch(fields, uses);
        if (uses < 0) {
            throw VaultFailure.bad("number of uses cannot be negative");
        }
        List<String> granted = granted(parent, fields, sudo, batch);
        boolean orphan = orphanPath || fields.flag("no_parent", false);
        if (orphan && !orphanPath && !sudo) {
            throw VaultFailure.bad("root or sudo privileges required to create orphan token");
        }
        long explicitMax = positive(fields, "explicit_max_ttl");
        long period = positive(fields, "period");
        if (period > 0 && !sudo) {
            throw VaultFailure.bad("root or sudo privileges required to create periodic token");
        }
        long ttl = positive(fields, "ttl");
        if (ttl == 0 && period == 0 && granted.contains("root")) {
            ttl = explicitMax;
            if (ttl == 0 && parent.expires != null) {
                throw VaultFailure.bad("expiring root tokens cannot create non-expiring root tokens");
            }
        }
        List<String> warnings = new ArrayList<>();
        TokenEntry entry = tokens.issue(
                new TokenStore.Order(
                        granted,
                        displayName(fields.text("display_name")),
                        "auth/token/create" + (orphanPath ? "-orphan" : ""),
                        batch,
                        orphan,
                        fields.flag("renewable", true),
                        orphan ? "" : parent.entityId,
                        meta(fields),
                        new TokenEntry.Lifetime(ttl, 0, period, explicitMax),
                        uses,
                        null),
                warnings);
        entry.parent = orphan ? null : parent;
        for (String policy : granted) {
            if (!policy.equals("root") && policies.get(policy) == null) {
                warnings.add("Policy \"" + policy + "\" does not exist");
            }
        }
        return VaultAnswer.auth(TokenStore.auth(entry, entry.lastTtl), warnings);
    }

    private static boolean batch(Fields fields, int uses) throws VaultFailure {
        String type = fields.text("type");
        if (!type.equals("batch")) {
            if (!type.isEmpty() && !type.equals("service")) {
                throw VaultFailure.bad("invalid 'token_type' value");
            }
            return false;
        }
        String bad = "";
        if (fields.has("explicit_max_ttl")) {
            bad = positive(fields, "explicit_max_ttl") > 0 ? "explicit_max_ttl" : "";
        } else if (uses != 0) {
            bad = "num_uses";
        } else if (positive(fields, "period") > 0) {
            bad = "period";
        }
        if (!bad.isEmpty()) {
            throw VaultFailure.bad("batch tokens cannot have \"" + bad + "\" set");
        }
        return true;
    }

    private static List<String> granted(TokenEntry parent, Fields fields, boolean sudo, boolean batch)
            throws VaultFailure {
        List<String> asked = fields.texts("policies");
        boolean noDefault = fields.flag("no_default_policy", false);
        List<String> granted;
        if (asked.isEmpty()) {
            granted = parent.policies;
        } else {
            if (!sudo && !parent.policies.containsAll(TokenStore.policies(asked, false))) {
                throw VaultFailure.bad("child policies must be subset of parent");
            }
            granted = TokenStore.policies(asked, !noDefault && (sudo || parent.policies.contains("default")));
        }
        if (noDefault && granted.contains("default")) {
            granted = new ArrayList<>(granted);
            granted.remove("default");
        }
        if (granted.contains(PolicyStore.WRAPPING)) {
            throw VaultFailure.bad("cannot assign policy \"" + PolicyStore.WRAPPING + "\"");
        }
        if (granted.contains("root") && !parent.root()) {
            throw VaultFailure.bad("root tokens may not be created without parent token being root");
        }
        if (granted.contains("root") && batch) {
            throw VaultFailure.bad("batch tokens cannot be root tokens");
        }
        return List.copyOf(granted);
    }

    // These fields are texts to Vault, so their faults read differently from a role's.
    private static long positive(Fields fields, String name) throws VaultFailure {
        Object value = fields.raw().get(name);
        if (value == null) {
            return 0;
        }
        long seconds;
        try {
            seconds = GoDuration.seconds(value);
        } catch (NumberFormatException e) {
            throw VaultFailure.bad("time: invalid duration \"" + value + "\"");
        }
        if (seconds < 0) {
            throw VaultFailure.bad(name + " must be positive");
        }
        return seconds;
    }

    private static String displayName(String given) {
        if (given.isEmpty()) {
            return "token";
        }
        String full = "token-" + given.replaceAll("[^a-zA-Z0-9-]", "-");
        return full.endsWith("-") ? full.substring(0, full.length() - 1) : full;
    }

    private static @Nullable Map<String, String> meta(Fields fields) throws VaultFailure {
        Map<String, @Nullable Object> given = fields.map("meta");
        if (given == null) {
            return null;
        }
        Map<String, String> meta = new TreeMap<>();
        for (Map.Entry<String, @Nullable Object> entry : given.entrySet()) {
            meta.put(entry.getKey(), String.valueOf(entry.getValue()));
        }
        return meta;
    }
}
