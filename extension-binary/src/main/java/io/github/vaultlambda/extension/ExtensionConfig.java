package io.github.vaultlambda.extension;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.extension.proxy.ProxySettings;
import io.github.vaultlambda.extension.settings.LifeSettings;
import io.github.vaultlambda.extension.settings.RunMode;
import io.github.vaultlambda.extension.settings.RuntimeApi;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.secrets.files.SecretFile;
import io.github.vaultlambda.secrets.files.SecretFileSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the extension is told by its environment. Immutable and thread-safe.
 *
 * @param access the way to Vault
 * @param life how it lives in its environment
 * @param mode files, proxy or both
 * @param secretFiles the secrets to write to files; empty where the mode writes none
 * @param proxy where the proxy listens, and how it serves
 * @param runtimeApi the address of Lambda's Extensions API
 * @param metrics where counts are published; null for nowhere
 */
record ExtensionConfig(
        VaultAccess access,
        LifeSettings life,
        RunMode mode,
        List<SecretFile> secretFiles,
        ProxySettings proxy,
        URI runtimeApi,
        @Nullable MetricSettings metrics) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /**
     * Reads the variables, those of login and address included. Touches neither network nor files.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    static ExtensionConfig fromEnvironment(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        ExtensionConfig config = read(settings);
        settings.rejectFaults();
        return config;
    }

    private static ExtensionConfig read(EnvironmentSettings settings) {
        VaultAccess access = VaultAccess.read(settings);
        RunMode mode = RunMode.of(settings.text("VAULT_RUN_MODE"));
        ProxySettings proxy = ProxySettings.read(settings);
        if (mode.servesProxy()) {
            rejectOwnAddress(settings, access.vault().address(), proxy);
        }
        return new ExtensionConfig(
                access,
                LifeSettings.read(settings),
                mode,
                mode.writesFiles() ? SecretFileSettings.read(settings, access.secrets()) : List.of(),
                proxy,
                RuntimeApi.read(settings),
                MetricSettings.read(settings));
    }

    /** Functions reach Vault through the proxy by VAULT_ADDR or VAULT_AGENT_ADDR, which the extension reads too. */
    private static void rejectOwnAddress(EnvironmentSettings settings, URI vault, ProxySettings proxy) {
        if (vault.getHost() != null && LOOPBACK.contains(vault.getHost()) && vault.getPort() == proxy.port()) {
            settings.fault(VaultConfig.addressVariable(settings) + " is \"" + vault
                    + "\", which is the extension's own proxy: set VLE_VAULT_ADDR to the address of Vault");
        }
    }
}
