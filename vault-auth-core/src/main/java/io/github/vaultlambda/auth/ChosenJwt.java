package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.aws.AssumedRoleCredentials;
import io.github.vaultlambda.auth.aws.DefaultCredentials;
import io.github.vaultlambda.auth.aws.StsEndpoint;
import io.github.vaultlambda.auth.aws.StsWebIdentityToken;
import io.github.vaultlambda.auth.login.JwtLogin;
import io.github.vaultlambda.auth.login.JwtOptions;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;

/** Chooses where the JWT of a login comes from. A class of its own, so that the verifier loads none of this for other logins. */
final class ChosenJwt {
    private ChosenJwt() {}

    static LoginMethod read(EnvironmentSettings settings, Platform platform) {
        if (!StsWebIdentityToken.isConfigured(settings)) {
            return new JwtLogin(JwtOptions.read(settings));
        }
        for (String other : new String[] {"VAULT_AUTH_JWT", "VAULT_AUTH_JWT_FILE"}) {
            if (settings.text(other) != null) {
                settings.fault("both VAULT_AUTH_JWT_AUDIENCE and " + other
                        + " are set: the first asks STS for the JWT, so unset one of them");
            }
        }
        StsWebIdentityToken source = StsWebIdentityToken.read(
                settings,
                AssumedRoleCredentials.read(
                        settings, StsEndpoint.read(settings), DefaultCredentials.read(settings, platform), platform),
                platform);
        return new JwtLogin(JwtOptions.read(settings, source));
    }
}
