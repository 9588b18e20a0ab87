package io.github.vaultlambda.examples;

import java.util.Map;

/**
 * A function that knows nothing of Vault and cannot be changed: it takes its password from a system property, once when the class is
 * initialised and anew in each invocation. Handler setting: {@code io.github.vaultlambda.handler.entry.VaultEntryHandler}, with
 *
 * <pre>
 * VAULT_LAMBDA_HANDLER  io.github.vaultlambda.examples.LegacyFunction::handle
 * DB_PASSWORD           vault:secret/data/orders/db#password
 * </pre>
 */
public final class LegacyFunction {
    private static final String AT_FIRST = System.getProperty("db.password", "none");

    /** Made by {@code VaultEntryHandler}. */
    public LegacyFunction() {}

    /** What Lambda called before. */
    public Map<String, String> handle(Map<String, String> order) {
        return Map.of(
                "atFirst", Fingerprint.of(AT_FIRST),
                "passwordFingerprint", Fingerprint.of(System.getProperty("DB_PASSWORD", "none")));
    }
}
