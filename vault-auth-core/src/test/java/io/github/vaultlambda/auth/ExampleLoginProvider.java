package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.login.LoginExchange;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.auth.login.LoginProvider;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Map;

/** A login method as somebody else would add it. */
public final class ExampleLoginProvider implements LoginProvider {
    /** For the service loader. */
    public ExampleLoginProvider() {}

    @Override
    public String name() {
        return "example";
    }

    @Override
    public LoginMethod read(EnvironmentSettings settings, Platform platform) {
        return new ExampleLogin(settings.requiredText("VAULT_EXAMPLE", "set it to the example"));
    }

    private record ExampleLogin(String proof) implements LoginMethod {
        @Override
        public VaultToken login(VaultEndpoint vault, Deadline deadline) {
            return LoginExchange.send(
                    vault,
                    VaultRequest.repeatablePut(
                            "auth/example/login", SecretValue.of(Map.of("proof", SecretValue.of(proof)))),
                    deadline);
        }

        @Override
        public String describe() {
            return "example login of VAULT_EXAMPLE";
        }
    }
}
