package io.github.vaultlambda.testkit.vault;

import java.util.Locale;

/** What a request wants to do, in the words of Vault's policies. */
enum Operation {
    CREATE,
    READ,
    UPDATE,
    DELETE,
    LIST,
    PATCH,
    /** HEAD and the like, which no path here supports. */
    OTHER;

    String capability() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean writes() {
        return this == CREATE || this == UPDATE || this == PATCH;
    }
}
