package io.github.vaultlambda.contract;

import java.util.Map;

/** The database in which Vault makes users: a PostgreSQL, or what the stand-in knows of the users it has given out. */
interface DatabaseServer {
    /** The user that belongs to a static role; it is there from the start, with a password that nobody knows. */
    String STATIC_USER = "reports";

    /** What a connection of Vault's database engine is to be written with: its plugin, and how it reaches the database. */
    Map<String, ?> connection();

    /** Whether a user of this name is there. */
    boolean hasUser(String name);

    /** Whether this user can log in with this password now. */
    boolean admits(String name, String password);
}
