package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The database secrets engine and, for each of its mounts, a database that knows nothing but users and their passwords:
 * statements are kept and not run. Static roles rotate when they are looked at, as of the moment they were due.
 */
final class DatabaseEngine implements Backend {
    private static final List<String> STATEMENTS =
            List.of("creation_statements", "renew_statements", "revocation_statements", "rollback_statements");

    private record Connection(String plugin, List<String> allowedRoles, Map<String, @Nullable Object> details) {
        boolean allows(String role) {
            return allowedRoles.stream().anyMatch(pattern -> matches(pattern, role));
        }

        private static boolean matches(String pattern, String role) {
            boolean anyStart = pattern.startsWith("*");
            boolean anyEnd = pattern.length() > 1 && pattern.endsWith("*");
            String fixed = pattern.substring(anyStart ? 1 : 0, pattern.length() - (anyEnd ? 1 : 0));
            if (anyStart && anyEnd) {
                return role.contains(fixed);
            }
            return anyStart ? role.endsWith(fixed) : anyEnd ? role.startsWith(fixed) : role.equals(fixed);
        }
    }

    private record Role(String database, Map<String, List<String>> statements, long ttl, long maxTtl) {}

    private record StaticRole(String database, String username, List<String> statements, long period, Instant rotated) {
        Instant next() {
            return rotated.plusSeconds(period);
        }
    }

    private final InstantSource clock;
    private final RoleTable<Connection> connections =
            RoleTable.exact("config/", this::writtenConnection, DatabaseEngine::describe);
    private final RoleTable<Role> roles = RoleTable.exact("roles/", this::writtenRole, DatabaseEngine::describe);
    private final RoleTable<StaticRole> staticRoles =
            RoleTable.exact("static-roles/", this::writtenStaticRole, DatabaseEngine::describe);
    /** The users of dynamic roles, and those of static roles. */
    private final Map<String, String> dynamicUsers = new LinkedHashMap<>();

    private final Map<String, String> staticUsers = new LinkedHashMap<>();

    DatabaseEngine(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "database";
    }

    @Override
    public boolean exists(String rest) {
        return connections.exists(rest) && roles.exists(rest) && staticRoles.exists(rest);
    }

    /** The users that dynamic roles have made and that are still there. */
    List<String> users() {
        return List.copyOf(dynamicUsers.keySet());
    }

    /** Whether the database lets this user in. */
    boolean accepts(String username, String password) {
        rotateWhatIsDue();
        return password.equals(dynamicUsers.get(username)) || password.equals(staticUsers.get(username));
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        rotateWhatIsDue();
        for (RoleTable<?> table : List.of(connections, roles, staticRoles)) {
            if (table.serves(rest)) {
                return table.handle(call, rest);
            }
        }
        int slash = rest.indexOf('/');
        String area = slash < 0 ? "" : rest.substring(0, slash);
        String name = rest.substring(slash + 1);
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw Backend.unsupportedPath();
        }
        boolean read = call.operation() == Operation.READ;
        switch (area) {
            case "creds" -> {
                if (read) {
                    return credentials(call.caller(), name);
                }
            }
            case "static-creds" -> {
                if (read) {
                    return staticCredentials(name);
                }
            }
            case "rotate-role" -> {
                if (call.operation().writes()) {
                    return rotateRole(name);
                }
            }
            default -> throw Backend.unsupportedPath();
        }
        throw Backend.unsupportedOperation();
    }

    private VaultAnswer credentials(TokenEntry caller, String name) throws VaultFailure {
        Role role = roles.get(name);
        if (role == null) {
            throw VaultFailure.bad("unknown role: " + name);
        }
        requireAllowed(role.database(), name);
        String username = "v-" + first8(caller.displayName) + "-" + first8(name) + "-" + Mint.text(20) + "-"
                + clock.instant().getEpochSecond();
        String password = Mint.secret("");
        dynamicUsers.put(username, password);
        return VaultAnswer.data(Map.of("username", username, "password", password))
                .leasedAs(new LeasedUser(name, username));
    }

    private static String first8(String text) {
        return text.substring(0, Math.min(8, text.length()));
    }

    private final class LeasedUser implements LeasedSecret {
        private final String roleName;
        private final String username;

        LeasedUser(String roleName, String username) {
            this.roleName = roleName;
            this.username = username;
        }

        @Override
        public TokenEntry.Lifetime lifetime() throws VaultFailure {
            Role role = roles.get(roleName);
            if (role == null) {
                throw LeaseStore.notRenewed("error during renew: could not find role with name \"" + roleName + "\"");
            }
            return new TokenEntry.Lifetime(role.ttl(), role.maxTtl(), 0, 0);
        }

        @Override
        public boolean renewable() {
            return true;
        }

        @Override
        public void end() {
            dynamicUsers.remove(username);
        }
    }

    private VaultAnswer staticCredentials(String name) throws VaultFailure {
        StaticRole role = staticRoles.get(name);
        if (role == null) {
            throw VaultFailure.bad("unknown role: " + name);
        }
        requireAllowed(role.database(), name);
        Map<String, Object> data = new TreeMap<>();
        data.put("username", role.username());
        data.put("password", Objects.requireNonNull(staticUsers.get(role.username()), "password"));
        data.put("last_vault_rotation", role.rotated().toString());
        data.put("rotation_period", role.period());
        Duration left = Duration.between(clock.instant(), role.next());
        data.put("ttl", Math.max(0, left.plusMillis(500).toSeconds()));
        return VaultAnswer.data(data);
    }

    private VaultAnswer rotateRole(String name) throws VaultFailure {
        StaticRole role = staticRoles.get(name);
        if (role == null) {
            throw VaultFailure.bad("no static role found for role name");
        }
        if (connections.get(role.database()) == null) {
            throw VaultFailure.wrapped(
                    500,
                    "unable to finish rotating credentials; retries will continue in the background but it is also safe"
                            + " to retry manually: " + noConnection(role.database()));
        }
        staticRoles.all().put(name, rotated(role, clock.instant()));
        return VaultAnswer.none();
    }

    private StaticRole rotated(StaticRole role, Instant when) {
        staticUsers.put(role.username(), Mint.secret(""));
        return new StaticRole(role.database(), role.username(), role.statements(), role.period(), when);
    }

    private void rotateWhatIsDue() {
        Instant now = clock.instant();
        staticRoles.all().replaceAll((name, role) -> {
            long periods = Duration.between(role.rotated(), now).dividedBy(Duration.ofSeconds(role.period()));
            return periods > 0 ? rotated(role, role.rotated().plusSeconds(periods * role.period())) : role;
        });
    }

    private void requireAllowed(String database, String role) throws VaultFailure {
        Connection connection = connections.get(database);
        if (connection == null) {
            throw VaultFailure.wrapped(500, noConnection(database));
        }
        if (!connection.allows(role)) {
            throw VaultFailure.wrapped(500, "\"" + role + "\" is not an allowed role");
        }
    }

    private static String noConnection(String database) {
        return "failed to find entry for connection with name: \"" + database + "\"";
    }

    private Connection writtenConnection(String name, @Nullable Connection known, Fields fields) throws VaultFailure {
        String plugin = fields.has("plugin_name") ? fields.text("plugin_name") : known == null ? "" : known.plugin();
        if (plugin.isEmpty()) {
            throw VaultFailure.bad("empty plugin name");
        }
        Map<String, @Nullable Object> details = new TreeMap<>();
        for (String field : List.of("connection_url", "username")) {
            Object old = known == null ? null : known.details().get(field);
            if (fields.has(field) || old != null) {
                details.put(field, fields.has(field) ? fields.text(field) : old);
            }
        }
        List<String> old = known == null ? List.of() : known.allowedRoles();
        return new Connection(plugin, fields.has("allowed_roles") ? fields.texts("allowed_roles") : old, details);
    }

    private static Map<String, @Nullable Object> describe(Connection connection) {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("allowed_roles", connection.allowedRoles());
        data.put("connection_details", connection.details());
        data.put("disable_automated_rotation", false);
        data.put("password_policy", "");
        data.put("plugin_name", connection.plugin());
        data.put("plugin_version", "");
        data.put("root_credentials_rotate_statements", List.of());
        data.put("rotation_period", 0);
        data.put("rotation_schedule", "");
        data.put("rotation_window", 0);
        data.put("skip_static_role_import_rotation", false);
        data.put("verify_connection", true);
        return data;
    }

    private Role writtenRole(String name, @Nullable Role known, Fields fields) throws VaultFailure {
        requireUnique(staticRoles.get(name));
        String database = fields.has("db_name") ? fields.text("db_name") : known == null ? "" : known.database();
        if (database.isEmpty()) {
            throw VaultFailure.bad("database name is required");
        }
        Map<String, List<String>> statements = new TreeMap<>();
        for (String field : STATEMENTS) {
            List<String> old = known == null ? null : known.statements().get(field);
            statements.put(field, fields.has(field) || old == null ? statements(fields, field) : old);
        }
        return new Role(
                database,
                statements,
                fields.seconds("default_ttl", known == null ? 0 : known.ttl()),
                fields.seconds("max_ttl", known == null ? 0 : known.maxTtl()));
    }

    private static void requireUnique(@Nullable Object other) throws VaultFailure {
        if (other != null) {
            throw VaultFailure.bad("Role and Static Role names must be unique");
        }
    }

    // Statements have commas, so a text is one statement.
    private static List<String> statements(Fields fields, String name) {
        Object given = fields.raw().get(name);
        List<String> statements = new ArrayList<>();
        if (given instanceof List<?> list) {
            list.forEach(item -> statements.add(String.valueOf(item)));
        } else if (given != null) {
            statements.add(given.toString());
        }
        return statements;
    }

    private static Map<String, @Nullable Object> describe(Role role) {
        Map<String, @Nullable Object> data = new TreeMap<>(role.statements());
        data.put("credential_type", "password");
        data.put("db_name", role.database());
        data.put("default_ttl", role.ttl());
        data.put("max_ttl", role.maxTtl());
        return data;
    }

    private StaticRole writtenStaticRole(String name, @Nullable StaticRole known, Fields fields) throws VaultFailure {
        requireUnique(roles.get(name));
        String database = fields.has("db_name") ? fields.text("db_name") : known == null ? "" : known.database();
        if (database.isEmpty()) {
            throw VaultFailure.bad("database name is a required field");
        }
        String username = fields.text("username");
        if (username.isEmpty() && known == null) {
            throw VaultFailure.bad("username is a required field to create a static account");
        }
        if (known != null && !username.equals(known.username())) {
            throw VaultFailure.bad("cannot update static account username");
        }
        if (known == null && !fields.has("rotation_period")) {
            throw VaultFailure.bad(
                    "one of rotation_schedule or rotation_period must be provided to create a static account");
        }
        long period = fields.seconds("rotation_period", known == null ? 0 : known.period());
        if (period < 5) {
            throw VaultFailure.bad("rotation_period must be 5 seconds or more");
        }
        List<String> statements = known == null || fields.has("rotation_statements")
                ? statements(fields, "rotation_statements")
                : known.statements();
        requireAllowed(database, name);
        if (known != null) {
            return new StaticRole(database, username, statements, period, known.rotated());
        }
        // Importing an account changes its password.
        return rotated(new StaticRole(database, username, statements, period, clock.instant()), clock.instant());
    }

    private static Map<String, @Nullable Object> describe(StaticRole role) {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("credential_type", "password");
        data.put("db_name", role.database());
        data.put("last_vault_rotation", role.rotated().toString());
        data.put("rotation_period", role.period());
        data.put("rotation_statements", role.statements());
        data.put("skip_import_rotation", false);
        data.put("username", role.username());
        return data;
    }
}
