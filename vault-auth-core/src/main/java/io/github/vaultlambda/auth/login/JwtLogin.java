package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Login with a JSON Web Token that an identity provider has issued. The token is asked for at each login. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/jwt">Vault: JWT auth method</a>
 */
public final class JwtLogin implements LoginMethod {
    private final JwtOptions options;

    /** Logs in as the options say. */
    public JwtLogin(JwtOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        SecretValue jwt = options.source().token(deadline);
        Map<String, SecretValue> body = new LinkedHashMap<>();
        if (options.role() != null) {
            body.put("role", SecretValue.of(options.role()));
        }
        body.put("jwt", jwt);
        String mount = "auth/" + options.mount();
        try {
            return LoginExchange.send(
                    vault, VaultRequest.repeatablePut(mount + "/login", SecretValue.of(body)), deadline);
        } catch (VaultException failure) {
            Refusal refusal = new Refusal(failure, "the login of " + options, mount, jwt)
                    .leavingOut("received claim is not")
                    .leavingOut("in groups claim could not be parsed");
            throw refusal.exception(hint(refusal, mount));
        }
    }

    private @Nullable String hint(Refusal refusal, String mount) {
        String role = options.role() == null ? "the default role" : mount + "/role/" + options.role();
        if (refusal.says("could not be found")) {
            return "set VAULT_AUTH_ROLE to a role that exists in " + mount + "/role";
        }
        if (refusal.says("missing role")) {
            return "set VAULT_AUTH_ROLE, or default_role in " + mount + "/config";
        }
        if (refusal.says("oidc role_type")) {
            return role + " is for logins in a browser: use one with role_type=jwt";
        }
        if (refusal.says("could not load configuration")) {
            return "the auth method has no configuration yet: write " + mount + "/config";
        }
        if (refusal.says("token is expired")) {
            return "the JWT has expired: its source must give a fresh one at each login";
        }
        if (refusal.says("not yet valid") || refusal.says("issued in the future")) {
            return "the clock of the JWT's issuer is ahead of Vault's; clock_skew_leeway of " + role
                    + " says how much is tolerated";
        }
        if (refusal.says("no issued at (iat)")) {
            return "the JWT must carry at least one of the claims iat, nbf and exp";
        }
        if (refusal.says("no audiences bound")) {
            return "the JWT has an audience, so set bound_audiences of " + role + " to it";
        }
        if (refusal.says("audience claim does not match") || refusal.says("aud claim does not match")) {
            return "the audience (aud) that the JWT was asked for must be one of bound_audiences of " + role;
        }
        if (refusal.says("invalid issuer (iss)")) {
            return "bound_issuer in " + mount + "/config must be the issuer (iss) of the JWT";
        }
        if (refusal.says("invalid subject (sub)")) {
            return "bound_subject of " + role + " must be the subject (sub) of the JWT";
        }
        if (refusal.says("error validating claims")) {
            return "the claims of the JWT must match bound_claims of " + role;
        }
        if (refusal.says("error converting claim")) {
            return "claim_mappings of " + role + " may name claims that are texts only";
        }
        if (refusal.says("not found in token") || refusal.says("could not be converted to string")) {
            return "user_claim and groups_claim of " + role + " must name claims that the JWT has";
        }
        if (refusal.says("invalid algorithm (alg)") || refusal.says("unexpected algorithm")) {
            return "jwt_supported_algs in " + mount + "/config must name the algorithm that the JWT is signed with";
        }
        if (refusal.says("must have three parts") || refusal.says("illegal base64")) {
            return "VAULT_AUTH_JWT, the file VAULT_AUTH_JWT_FILE or another source gives a text that is no JWT";
        }
        if (refusal.says("error verifying token signature")) {
            return "the keys in " + mount + "/config (jwks_url, oidc_discovery_url or jwt_validation_pubkeys) must be"
                    + " those of the JWT's issuer, and Vault must be able to fetch them";
        }
        String elsewhere = refusal.mountHint("a JWT");
        return elsewhere == null || !refusal.isDenied()
                ? elsewhere
                : elsewhere + "; or this address is not in token_bound_cidrs of " + role;
    }

    @Override
    public void forget() {
        options.source().forget();
    }

    @Override
    public String describe() {
        return options.toString();
    }

    /** As {@link #describe}. */
    @Override
    public String toString() {
        return describe();
    }
}
