package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The AppRole auth method. */
final class AppRoleMethod implements LoginMethod {
    private static final String UNKNOWN = "invalid role or secret ID";

    private record Role(AppRoleEntry entry, AppRoleSecretIds secretIds) {}

    private final LoginTokens tokens;
    private final InstantSource clock;
    private final UserLockout lockout;
    private final TreeMap<String, Role> roles = new TreeMap<>();

    AppRoleMethod(LoginTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
        this.lockout = new UserLockout(clock);
    }

    @Override
    public String type() {
        return "approle";
    }

    @Override
    public boolean exists(String rest) {
        String[] parts = rest.split("/", -1);
        return parts.length != 2 || !parts[0].equals("role") || roles.containsKey(lower(parts[1]));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (rest.equals("role") || rest.equals("role/")) {
            if (call.operation() != Operation.LIST) {
                throw Backend.unsupportedOperation();
            }
            return KeyTree.answer(new ArrayList<>(roles.keySet()));
        }
        String[] parts = rest.split("/", 3);
        if (!parts[0].equals("role")) {
            throw Backend.unsupportedPath();
        }
        String name = lower(parts[1]);
        if (parts.length == 2) {
            return role(call, name);
        }
        return below(call, parts[1], roles.get(name), parts[2]);
    }

    private VaultAnswer role(VaultCall call, String name) throws VaultFailure {
        Role known = roles.get(name);
        switch (call.operation()) {
            case READ -> {
                if (known == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(known.entry().describe());
            }
            case DELETE -> {
                roles.remove(name);
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                Map<String, @Nullable Object> raw =
                        new LinkedHashMap<>(call.fields().raw());
                VaultAnswer answer = VaultAnswer.none();
                String type = call.fields().text("token_type");
                if (type.equals("default-service") || type.equals("default-batch")) {
                    String plain = type.substring("default-".length());
                    raw.put("token_type", plain);
                    answer = VaultAnswer.warning(type + " has no useful meaning; adjusting to " + plain);
                }
                AppRoleEntry written =
                        AppRoleEntry.written(known == null ? null : known.entry(), new Fields(raw).ofRole());
                requireFree(written.roleId(), name);
                roles.put(name, new Role(written, known == null ? new AppRoleSecretIds(clock) : known.secretIds()));
                return answer;
            }
            default -> throw Backend.unsupportedOperation();
        }
    }

    private void requireFree(String roleId, String name) throws VaultFailure {
        for (Map.Entry<String, Role> other : roles.entrySet()) {
            if (!other.getKey().equals(name)
                    && other.getValue().entry().roleId().equals(roleId)) {
                throw VaultFailure.wrapped(500, "role_id already in use");
            }
        }
    }

    private VaultAnswer below(VaultCall call, String shownName, @Nullable Role role, String what) throws VaultFailure {
        boolean list = call.operation() == Operation.LIST;
        return switch (what) {
            case "role-id" -> roleId(call, shownName, role);
            case "secret-id", "secret-id/" -> list ? secretIds(shownName, role) : make(call, shownName, role, true);
            case "custom-secret-id" -> make(call, shownName, role, false);
            case "secret-id/lookup", "secret-id/destroy" -> {
                Role found = known(shownName, role, call);
                String id = needed(call.fields(), "secret_id");
                yield what.endsWith("lookup") ? found.secretIds().lookUp(id) : destroy(found, id);
            }
            case "secret-id-accessor/lookup", "secret-id-accessor/destroy" -> {
                Role found = known(shownName, role, call);
                String accessor = needed(call.fields(), "secret_id_accessor");
                String id = found.secretIds().byAccessor(accessor);
                if (id == null) {
                    throw new VaultFailure(
                            404, List.of("failed to find accessor entry for secret_id_accessor: \"" + accessor + "\""));
                }
                yield what.endsWith("lookup") ? found.secretIds().lookUp(id) : destroy(found, id);
            }
            default -> throw Backend.unsupportedPath();
        };
    }

    private static Role known(String shownName, @Nullable Role role, VaultCall call) throws VaultFailure {
        if (!call.operation().writes() && call.operation() != Operation.DELETE) {
            throw Backend.unsupportedOperation();
        }
        if (role == null) {
            throw VaultFailure.wrapped(500, "role \"" + shownName + "\" does not exist");
        }
        return role;
    }

    private static String needed(Fields fields, String name) throws VaultFailure {
        String text = fields.text(name);
        if (text.isEmpty()) {
            throw VaultFailure.bad("missing " + name);
        }
        return text;
    }

    private static VaultAnswer destroy(Role role, String id) {
        role.secretIds().remove(id);
        return VaultAnswer.none();
    }

    private VaultAnswer roleId(VaultCall call, String shownName, @Nullable Role role) throws VaultFailure {
        if (call.operation() == Operation.READ) {
            if (role == null) {
                throw VaultFailure.absent();
            }
            return VaultAnswer.data(Map.of("role_id", role.entry().roleId()));
        }
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        if (role == null) {
            throw new VaultFailure(404, List.of("role \"" + shownName + "\" does not exist"));
        }
        String id = needed(call.fields(), "role_id");
        requireFree(id, lower(shownName));
        roles.put(lower(shownName), new Role(role.entry().withRoleId(id), role.secretIds()));
        return VaultAnswer.none();
    }

    private static VaultAnswer secretIds(String shownName, @Nullable Role role) throws VaultFailure {
        if (role == null) {
            throw VaultFailure.bad("role \"" + shownName + "\" does not exist");
        }
        return KeyTree.answer(role.secretIds().accessors());
    }

    private static VaultAnswer make(VaultCall call, String shownName, @Nullable Role role, boolean random)
            throws VaultFailure {
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        String id = random ? Mint.secret("") : needed(call.fields(), "secret_id");
        if (role == null) {
            throw new VaultFailure(404, List.of("role \"" + shownName + "\" does not exist"));
        }
        return VaultAnswer.data(role.secretIds().add(id, role.entry(), call.fields()));
    }

    @Override
    public boolean login(String rest) {
        return rest.equals("login");
    }

    @Override
    public Login begin(VaultCall call, String rest) throws VaultFailure {
        String roleId = call.fields().text("role_id").strip();
        if (roleId.isEmpty()) {
            // Vault asks who it would be before it looks at anything else.
            throw new VaultFailure(500, List.of("failed to determine alias name from login request"));
        }
        lockout.check(roleId);
        LoginMethod.requireWrite(call);
        for (Map.Entry<String, Role> named : roles.entrySet()) {
            Role role = named.getValue();
            if (role.entry().roleId().equals(roleId)) {
                String name = named.getKey();
                Map<String, String> metadata =
                        checked(role, call.fields().text("secret_id").strip());
                lockout.passed(roleId);
                metadata.put("role_name", name);
                return () -> tokens.issue(
                        new LoginTokens.Subject(roleId, "", metadata),
                        role.entry().token(),
                        rest,
                        peer -> renewal(name));
            }
        }
        throw VaultFailure.bad(UNKNOWN);
    }

    private Map<String, String> checked(Role role, String secretId) throws VaultFailure {
        if (!role.entry().bindSecretId()) {
            return new TreeMap<>();
        }
        if (secretId.isEmpty()) {
            throw VaultFailure.bad("missing secret_id");
        }
        Map<String, String> metadata = role.secretIds().use(secretId);
        if (metadata == null) {
            lockout.failed(role.entry().roleId());
            throw VaultFailure.bad(UNKNOWN);
        }
        return new TreeMap<>(metadata);
    }

    private TokenEntry.Lifetime renewal(String name) throws VaultFailure {
        Role role = roles.get(name);
        if (role == null) {
            throw VaultFailure.wrapped(
                    500, "failed to renew entry: role \"" + name + "\" does not exist during renewal");
        }
        return role.entry().token().lifetime();
    }
}
