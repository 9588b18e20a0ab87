package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.VaultStandIn;
import java.util.Map;

/** What the stand-in knows of the users of its database engine at {@code database}. */
final class StandInDatabase implements DatabaseServer {
    private static final String MOUNT = "database";

    private final VaultStandIn vault;

    StandInDatabase(VaultStandIn vault) {
        this.vault = vault;
    }

    @Override
    public Map<String, ?> connection() {
        return Map.of("plugin_name", "postgresql-database-plugin");
    }

    /** A static role brings its user along. */
    @Override
    public void addUser(String name) {}

    @Override
    public boolean hasUser(String name) {
        return vault.databaseUsers(MOUNT).contains(name);
    }

    @Override
    public boolean admits(String name, String password) {
        return vault.databaseAccepts(MOUNT, name, password);
    }
}
