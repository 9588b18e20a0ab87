package io.github.vaultlambda.handler;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.Map;

/**
 * What the variables of this process say about its handlers. For handlers that are made by Lambda, generated ones included;
 * thread-safe.
 */
public final class HandlerEnvironment {
    private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

    private HandlerEnvironment() {}

    /**
     * The secrets of {@link VaultSecrets#fromEnvironment()}.
     *
     * @throws VaultConfigException with every fault of the variables of Vault and of the handler
     */
    public static VaultSecrets vault() {
        EnvironmentSettings settings = EnvironmentSettings.of(variables());
        HandlerOptions.read(settings);
        return vault(settings);
    }

    /**
     * The secrets of {@link VaultSecrets#fromEnvironment()}, when these settings have no faults either.
     *
     * @throws VaultConfigException with every fault of both
     */
    public static VaultSecrets vault(EnvironmentSettings settings) {
        VaultSecrets vault;
        try {
            vault = VaultSecrets.fromEnvironment();
        } catch (VaultConfigException e) {
            for (String fault : e.faults()) {
                settings.fault(fault);
            }
            settings.rejectFaults();
            throw e;
        }
        settings.rejectFaults();
        return vault;
    }

    /**
     * The options of {@link HandlerOptions#read}.
     *
     * @throws VaultConfigException with every fault of the handler's variables
     */
    public static HandlerOptions options() {
        EnvironmentSettings settings = EnvironmentSettings.of(variables());
        HandlerOptions options = HandlerOptions.read(settings);
        settings.rejectFaults();
        return options;
    }

    /** Whether a snapshot is taken when the process with these variables is initialised. */
    public static boolean isSnapshotted(Map<String, String> environment) {
        return "snap-start".equals(environment.get(INITIALIZATION_TYPE));
    }

    /** The variables themselves. */
    public static Map<String, String> variables() {
        return System.getenv();
    }
}
