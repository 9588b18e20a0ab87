package io.github.vaultlambda.extension.settings;

import io.github.vaultlambda.auth.LoginMethods;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretSettings;
import io.github.vaultlambda.secrets.VaultSecrets;

/**
 * The way to Vault that the variables name: what extension and command line have in common. Immutable and thread-safe.
 *
 * @param platform time and network
 * @param vault how to reach Vault
 * @param login how to log in
 * @param secrets how fresh secrets are kept
 * @param revokesLeases whether the leases of secrets are revoked at the end
 */
public record VaultAccess(
        Platform platform, VaultConfig vault, LoginMethod login, SecretOptions secrets, boolean revokesLeases) {
    private static final Log LOG = Log.of(VaultAccess.class);

    /** Reads the variables and touches no network; what is wrong becomes a fault of the settings. */
    public static VaultAccess read(EnvironmentSettings settings) {
        LoginMethods.prepare(settings);
        Platform platform = Platform.forEnvironment(settings);
        VaultConfig vault = VaultConfig.read(settings).withUserAgent("vault-lambda-extension/" + Version.text());
        vault.prepareConnection();
        tellOfTheUnexpected(settings);
        return new VaultAccess(
                platform,
                vault,
                LoginMethods.read(settings, platform),
                SecretSettings.options(settings),
                SecretSettings.revokesLeases(settings));
    }

    /** Variables with an effect that nobody looks for, or without the one that Vault's own programs give them. */
    private static void tellOfTheUnexpected(EnvironmentSettings settings) {
        if (VaultConfig.addressVariable(settings).equals("VAULT_AGENT_ADDR") && settings.text("VAULT_ADDR") != null) {
            LOG.warn("VAULT_AGENT_ADDR is set and wins over VAULT_ADDR, here as in vault-lambda-extension: set"
                    + " VLE_VAULT_ADDR if the extension is to go elsewhere");
        }
        if (settings.text("VAULT_WRAP_TTL") != null) {
            LOG.warn("VAULT_WRAP_TTL is not used: it would wrap the login. Write secret/data/db?wrap_ttl=60s where the"
                    + " answer is to come wrapped");
        }
    }

    /** A session of this login; does not touch the network. */
    public VaultSession session() {
        return VaultSession.of(vault, login, platform);
    }

    /** Secrets of a session, kept as the variables say. */
    public VaultSecrets.Builder secretsOf(VaultSession session) {
        return VaultSecrets.builder(session).options(secrets).revokeLeasesOnClose(revokesLeases);
    }
}
