package io.github.vaultlambda.extension.settings;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** The address of Lambda's Extensions API, in {@code AWS_LAMBDA_RUNTIME_API}. */
public final class RuntimeApi {
    private static final String VARIABLE = "AWS_LAMBDA_RUNTIME_API";

    private RuntimeApi() {}

    /** The address; when there is none that is a fault of the settings. */
    public static URI read(EnvironmentSettings settings) {
        String hostAndPort = settings.requiredText(
                VARIABLE, "Lambda sets it; without a command this program is an extension and runs only there");
        URI address = parse(hostAndPort.isEmpty() ? "missing.invalid" : hostAndPort);
        if (address == null) {
            settings.fault(VARIABLE + " is \"" + hostAndPort + "\", which is no host and port");
            return URI.create("http://faulty.invalid");
        }
        return address;
    }

    /** The address, or null when there is none. */
    public static @Nullable URI find(EnvironmentSettings settings) {
        String hostAndPort = settings.text(VARIABLE);
        return hostAndPort == null ? null : parse(hostAndPort);
    }

    private static @Nullable URI parse(String hostAndPort) {
        try {
            URI uri = new URI("http://" + hostAndPort);
            boolean whole = uri.getHost() != null
                    && uri.getPort() <= 65535
                    && uri.getRawPath().isEmpty()
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return whole ? uri : null; // null: there is more than host and port
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
