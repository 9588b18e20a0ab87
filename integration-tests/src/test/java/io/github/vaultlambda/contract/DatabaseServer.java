package io.github.vaultlambda.contract;

import java.util.Map;

/** The database in which Vault makes users: a PostgreSQL, or what the stand-in knows of the users it has given out. */
interface DatabaseServer {
    /** What a connection of Vault's database engine is to be written with: its plugin, and how it reaches the database. */
    Map<String, ?> connection();

    /** Makes a user without a password, as a static role needs one. */
    void addUser(String name);

    /** Whether a user of this name is there. */
    boolean hasUser(String name);

    /** Whether this user can log in with this password now. */
    boolean admits(String name, String password);
}
