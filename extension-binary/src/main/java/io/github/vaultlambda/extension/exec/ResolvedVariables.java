package io.github.vaultlambda.extension.exec;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.variables.SecretVariables;
import java.util.Map;

/** The variables of a program that is about to be started, with secrets in the places of references. */
public final class ResolvedVariables {
    private static final Log LOG = Log.of(ResolvedVariables.class);
    private static final String OPTIONAL = "VAULT_EXEC_OPTIONAL";

    private ResolvedVariables() {}

    /**
     * Resolves the references. Where there are none, neither configuration nor Vault is asked for. Where {@code VAULT_EXEC_OPTIONAL} is
     * true, a failure is logged and the variables stay as they are.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when it is not said how to reach Vault
     * @throws io.github.vaultlambda.secrets.variables.SecretVariablesException with every reference that cannot be resolved
     * @throws io.github.vaultlambda.client.VaultException when the login fails
     */
    public static Map<String, String> of(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        boolean optional = settings.flag(OPTIONAL, false);
        try {
            if (SecretVariables.references(environment).isEmpty()) {
                return environment;
            }
            VaultAccess access = VaultAccess.read(settings);
            settings.rejectFaults();
            VaultSession session = access.session(); // not closed: leases hang on its token
            return SecretVariables.of(access.secretsOf(session).build()).resolve(environment);
        } catch (RuntimeException e) {
            if (!optional) {
                throw e;
            }
            LOG.error("The program starts with references instead of secrets, as {} says: {}", OPTIONAL, OneLine.of(e));
            return environment;
        }
    }
}
