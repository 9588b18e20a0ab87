package io.github.vaultlambda.extension;

import io.github.vaultlambda.auth.LoginMethods;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.extension.proxy.ProxySettings;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretSettings;
import io.github.vaultlambda.secrets.files.SecretFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

/**
 * What the extension is told by its environment. Immutable and thread-safe.
 *
 * @param platform time and network
 * @param vault how to reach Vault
 * @param login how to log in
 * @param mode files, proxy or both
 * @param secrets how fresh secret files are kept
 * @param revokesLeases whether the leases of secrets are revoked at the end
 * @param secretFiles the secrets to write to files; empty where the mode writes none
 * @param proxy where the proxy listens, and how it serves
 * @param runtimeApi the address of Lambda's Extensions API
 * @param events the events of Lambda to ask for
 */
record ExtensionConfig(
        Platform platform,
        VaultConfig vault,
        LoginMethod login,
        RunMode mode,
        SecretOptions secrets,
        boolean revokesLeases,
        List<SecretFile> secretFiles,
        ProxySettings proxy,
        URI runtimeApi,
        List<String> events) {
    private static final String RUNTIME_API = "AWS_LAMBDA_RUNTIME_API";

    /**
     * Reads the variables, those of login and address included. Touches neither network nor files.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    static ExtensionConfig fromEnvironment(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        LoginMethods.prepare(settings);
        ExtensionConfig config = read(settings);
        settings.rejectFaults();
        return config;
    }

    private static ExtensionConfig read(EnvironmentSettings settings) {
        Platform platform = Platform.forEnvironment(settings);
        RunMode mode = RunMode.of(settings.text("VAULT_RUN_MODE"));
        VaultConfig vault = VaultConfig.read(settings);
        vault.prepareConnection();
        SecretOptions secrets = SecretSettings.options(settings);
        return new ExtensionConfig(
                platform,
                vault,
                LoginMethods.read(settings, platform),
                mode,
                secrets,
                SecretSettings.revokesLeases(settings),
                mode.writesFiles() ? SecretFileSettings.read(settings, secrets) : List.of(),
                ProxySettings.read(settings),
                runtimeApi(settings),
                events(settings));
    }

    private static URI runtimeApi(EnvironmentSettings settings) {
        String hostAndPort =
                settings.requiredText(RUNTIME_API, "Lambda sets it; this program is an extension and runs only there");
        try {
            URI uri = new URI("http://" + (hostAndPort.isEmpty() ? "missing.invalid" : hostAndPort));
            if (uri.getHost() != null
                    && uri.getPort() <= 65535
                    && uri.getRawPath().isEmpty()
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // reported below, as is an address with more than host and port
        }
        settings.fault(RUNTIME_API + " is \"" + hostAndPort + "\", which is no host and port");
        return URI.create("http://faulty.invalid");
    }

    /** Managed Instances run invocations in parallel and refuse an extension that asks for INVOKE. */
    private static List<String> events(EnvironmentSettings settings) {
        return "lambda-managed-instances".equals(settings.text("AWS_LAMBDA_INITIALIZATION_TYPE"))
                ? List.of("SHUTDOWN")
                : List.of("INVOKE", "SHUTDOWN");
    }
}
