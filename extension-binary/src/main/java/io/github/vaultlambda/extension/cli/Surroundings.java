package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.json.JsonWriter;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/**
 * What a command finds around it.
 *
 * @param environment the variables
 * @param program the name of the program, for messages
 * @param out for results
 * @param err for messages
 */
record Surroundings(Map<String, String> environment, String program, PrintStream out, PrintStream err) {
    /** The variables as settings, with the one that makes a session leave no token behind that nobody would use. */
    EnvironmentSettings settings() {
        Map<String, String> tidy = new HashMap<>(environment);
        tidy.put("VAULT_REVOKE_TOKEN_ON_CLOSE", "true");
        return EnvironmentSettings.of(tidy);
    }

    /**
     * The way to Vault; who hands out what hangs on a token does not close its session.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    VaultAccess access() {
        EnvironmentSettings settings = settings();
        VaultAccess access = VaultAccess.read(settings);
        settings.rejectFaults();
        return access;
    }

    void print(String line) {
        out.print(line + "\n");
        out.flush();
    }

    void print(JsonWriter json) {
        print(json.json());
    }

    void tell(String line) {
        err.print(line + "\n");
        err.flush();
    }
}
