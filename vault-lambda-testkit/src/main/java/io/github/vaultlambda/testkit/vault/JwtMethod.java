package io.github.vaultlambda.testkit.vault;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JWT auth method with keys of its own; it asks no key server and no OIDC provider. */
final class JwtMethod implements LoginMethod {
    private record Config(List<String> pems, List<PublicKey> keys, String issuer, String defaultRole) {}

    private final LoginTokens tokens;
    private final InstantSource clock;
    private final RoleTable<JwtRoleEntry> roles = new RoleTable<>(
            "role/", (name, known, fields) -> JwtRoleEntry.written(known, fields), JwtRoleEntry::describe);
    private @Nullable Config config;

    JwtMethod(LoginTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "jwt";
    }

    @Override
    public boolean exists(String rest) {
        return roles.exists(rest);
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (rest.equals("config")) {
            return configure(call);
        }
        if (roles.serves(rest)) {
            return roles.handle(call, rest);
        }
        throw Backend.unsupportedPath();
    }

    private VaultAnswer configure(VaultCall call) throws VaultFailure {
        if (call.operation() == Operation.READ) {
            Config shown = config;
            if (shown == null) {
                throw VaultFailure.absent();
            }
            Map<String, @Nullable Object> data = new TreeMap<>();
            for (String text : List.of(
                    "jwks_ca_pem", "jwks_url", "oidc_client_id", "oidc_discovery_ca_pem", "oidc_discovery_url")) {
                data.put(text, "");
            }
            for (String list : List.of(
                    "jwks_pairs",
                    "jwt_supported_algs",
                    "oidc_response_types",
                    "unsupported_critical_cert_extensions")) {
                data.put(list, List.of());
            }
            data.put("bound_issuer", shown.issuer());
            data.put("default_role", shown.defaultRole());
            data.put("jwt_validation_pubkeys", shown.pems());
            data.put("namespace_in_state", true);
            data.put("oidc_response_mode", "");
            data.put("provider_config", Map.of());
            return VaultAnswer.data(data);
        }
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        Fields fields = call.fields();
        List<String> pems = fields.texts("jwt_validation_pubkeys");
        for (String other : List.of("jwks_url", "jwks_pairs", "oidc_discovery_url")) {
            if (fields.has(other)) {
                throw VaultFailure.bad("the Vault stand-in has no " + other + "; use jwt_validation_pubkeys");
            }
        }
        if (pems.isEmpty()) {
            throw VaultFailure.bad("exactly one of 'jwt_validation_pubkeys', 'jwks_url', 'jwks_pairs' or"
                    + " 'oidc_discovery_url' must be set");
        }
        List<PublicKey> keys = new ArrayList<>();
        for (String pem : pems) {
            PublicKey key = Pem.publicKey(pem);
            if (key == null) {
                throw VaultFailure.bad("error parsing public key: data does not contain any valid public keys");
            }
            keys.add(key);
        }
        config = new Config(pems, keys, fields.text("bound_issuer"), fields.text("default_role"));
        return VaultAnswer.none();
    }

    @Override
    public boolean login(String rest) {
        return rest.equals("login");
    }

    @Override
    public Login begin(VaultCall call, String rest) throws VaultFailure {
        LoginMethod.requireWrite(call);
        Config current = config;
        if (current == null) {
            throw VaultFailure.bad("could not load configuration");
        }
        Fields fields = call.fields();
        String name = fields.text("role").isEmpty() ? current.defaultRole() : fields.text("role");
        if (name.isEmpty()) {
            throw VaultFailure.bad("missing role");
        }
        JwtRoleEntry role = roles.get(name);
        if (role == null) {
            throw VaultFailure.bad("role \"" + name + "\" could not be found");
        }
        if (fields.text("jwt").isEmpty()) {
            throw VaultFailure.bad("missing token");
        }
        LoginTokens.Subject subject = subject(current, name, role, fields.text("jwt"));
        return () -> tokens.issue(subject, role.token(), rest, peer -> renewal(name));
    }

    private LoginTokens.Subject subject(Config current, String name, JwtRoleEntry role, String jwt)
            throws VaultFailure {
        TokenCheck check = new TokenCheck(
                current.keys(),
                true,
                current.issuer(),
                role.boundSubject(),
                role.boundAudiences(),
                role.notBeforeLeeway(),
                role.expirationLeeway(),
                role.clockSkewLeeway(),
                false);
        Map<String, @Nullable Object> claims;
        try {
            claims = check.claims(jwt, clock.instant());
        } catch (TokenException e) {
            throw VaultFailure.bad("error validating token: " + e.fault());
        }
        if (role.boundAudiences().isEmpty() && !TokenCheck.audiences(claims).isEmpty()) {
            throw VaultFailure.bad("audience claim found in JWT but no audiences bound to the role");
        }
        Object user =
                role.userClaimPointer() ? BoundClaims.claim(claims, role.userClaim()) : claims.get(role.userClaim());
        if (user == null) {
            throw VaultFailure.bad("claim \"" + role.userClaim() + "\" not found in token");
        }
        if (!(user instanceof String alias)) {
            throw VaultFailure.bad("claim \"" + role.userClaim() + "\" could not be converted to string");
        }
        Map<String, String> metadata = BoundClaims.metadata(claims, role.claimMappings());
        metadata.put("role", name);
        BoundClaims.check(claims, role.boundClaims(), role.globs());
        return new LoginTokens.Subject(alias, alias, metadata);
    }

    private TokenEntry.Lifetime renewal(String name) throws VaultFailure {
        JwtRoleEntry role = roles.get(name);
        if (role == null) {
            throw VaultFailure.wrapped(500, "failed to renew entry: role " + name + " does not exist during renewal");
        }
        return role.token().lifetime();
    }
}
