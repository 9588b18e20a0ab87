package io.github.vaultlambda.testkit.vault;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Kubernetes auth method. */
final class KubernetesMethod implements LoginMethod {
    private record Config(
            String host,
            String caCertificate,
            List<String> pems,
            List<PublicKey> keys,
            String reviewer,
            String issuer,
            boolean anyIssuer,
            boolean noLocalCa) {}

    private final LoginTokens tokens;
    private final InstantSource clock;
    private final RoleTable<KubernetesRoleEntry> roles = new RoleTable<>(
            "role/",
            (name, known, fields) -> KubernetesRoleEntry.written(known, fields),
            KubernetesRoleEntry::describe);
    private @Nullable Config config;

    KubernetesMethod(LoginTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "kubernetes";
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
        if (!roles.serves(rest)) {
            throw Backend.unsupportedPath();
        }
        VaultAnswer answer = roles.handle(call, rest);
        KubernetesRoleEntry role = call.operation().writes() ? roles.get(rest.substring("role/".length())) : null;
        return role == null || !role.audience().isBlank()
                ? answer
                : VaultAnswer.warning(
                        "This role does not specify an audience. In a future version of Vault, specifying an"
                                + " audience will be required.");
    }

    private VaultAnswer configure(VaultCall call) throws VaultFailure {
        if (call.operation() == Operation.READ) {
            Config shown = config;
            if (shown == null) {
                throw VaultFailure.absent();
            }
            Map<String, @Nullable Object> data = new TreeMap<>();
            data.put("disable_iss_validation", shown.anyIssuer());
            data.put("disable_local_ca_jwt", shown.noLocalCa());
            data.put("issuer", shown.issuer());
            data.put("kubernetes_ca_cert", shown.caCertificate());
            data.put("kubernetes_host", shown.host());
            data.put("pem_keys", shown.pems());
            data.put("token_reviewer_jwt_set", !shown.reviewer().isEmpty());
            data.put("use_annotations_as_alias_metadata", false);
            return VaultAnswer.data(data);
        }
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        Fields fields = call.fields();
        if (fields.text("kubernetes_host").isEmpty()) {
            throw VaultFailure.bad("no host provided");
        }
        List<String> pems = fields.texts("pem_keys");
        List<PublicKey> keys = new ArrayList<>();
        for (String pem : pems) {
            PublicKey key = Pem.publicKey(pem);
            if (key == null) {
                throw VaultFailure.bad("data does not contain any valid RSA or ECDSA public keys");
            }
            keys.add(key);
        }
        config = new Config(
                fields.text("kubernetes_host"),
                fields.text("kubernetes_ca_cert"),
                pems,
                keys,
                fields.text("token_reviewer_jwt"),
                fields.text("issuer"),
                fields.flag("disable_iss_validation", true),
                fields.flag("disable_local_ca_jwt", false));
        return VaultAnswer.none();
    }

    @Override
    public boolean login(String rest) {
        return rest.equals("login");
    }

    @Override
    public Login begin(VaultCall call, String rest) throws VaultFailure {
        LoginMethod.requireWrite(call);
        String name = call.fields().text("role");
        String jwt = call.fields().text("jwt");
        if (name.isEmpty() || jwt.isEmpty()) {
            throw VaultFailure.bad("missing " + (name.isEmpty() ? "role" : "jwt"));
        }
        KubernetesRoleEntry role = roles.get(name);
        if (role == null) {
            throw VaultFailure.bad("invalid role name \"" + name + "\"");
        }
        Config current = config;
        if (current == null) {
            throw new VaultFailure(500, List.of("could not load backend configuration"));
        }
        Map<String, @Nullable Object> claims = claims(current, role, jwt);
        ServiceAccount account = ServiceAccount.of(claims);
        if (!KubernetesRoleEntry.holds(role.names(), account.name())) {
            throw new VaultFailure(403, List.of("service account name not authorized"));
        }
        if (!KubernetesRoleEntry.holds(role.namespaces(), account.namespace())) {
            throw new VaultFailure(403, List.of("namespace not authorized"));
        }
        if (account.uid().isEmpty()) {
            throw new VaultFailure(500, List.of("could not parse UID from claims"));
        }
        List<String> audiences = role.audience().isEmpty() ? TokenCheck.audiences(claims) : List.of(role.audience());
        return new Reviewed(current, name, role, jwt, audiences, account);
    }

    private Map<String, @Nullable Object> claims(Config current, KubernetesRoleEntry role, String jwt)
            throws VaultFailure {
        TokenCheck check = new TokenCheck(
                current.keys(),
                !current.keys().isEmpty(),
                current.anyIssuer() ? "" : current.issuer(),
                "",
                role.audience().isBlank() ? List.of() : List.of(role.audience()),
                0,
                0,
                0,
                true);
        try {
            return check.claims(jwt, clock.instant());
        } catch (TokenException e) {
            boolean signature = e.fault().contains("verifying token signature");
            throw new VaultFailure(403, List.of(signature ? "permission denied" : e.fault()));
        }
    }

    /** A login whose token is good as far as it says itself; the API server has the last word. */
    private final class Reviewed implements Login {
        private final Config current;
        private final String name;
        private final KubernetesRoleEntry role;
        private final String jwt;
        private final List<String> audiences;
        private final ServiceAccount account;

        Reviewed(
                Config current,
                String name,
                KubernetesRoleEntry role,
                String jwt,
                List<String> audiences,
                ServiceAccount account) {
            this.current = current;
            this.name = name;
            this.role = role;
            this.jwt = jwt;
            this.audiences = audiences;
            this.account = account;
        }

        @Override
        public void ask() throws VaultFailure {
            boolean reachable =
                    current.host().startsWith("http://") || current.host().startsWith("https://");
            // Without an address there is nobody to ask; then the keys alone decide.
            boolean good = reachable
                    ? new KubernetesReview(current.host(), current.caCertificate(), current.reviewer())
                            .confirms(jwt, audiences, account)
                    : !current.keys().isEmpty();
            if (!good) {
                throw new VaultFailure(403, List.of("permission denied"));
            }
        }

        @Override
        public VaultAnswer finish() throws VaultFailure {
            String full = account.namespace() + "/" + account.name();
            Map<String, String> metadata = new TreeMap<>();
            metadata.put("role", name);
            metadata.put("service_account_name", account.name());
            metadata.put("service_account_namespace", account.namespace());
            metadata.put("service_account_secret_name", account.secret());
            metadata.put("service_account_uid", account.uid());
            return tokens.issue(
                    new LoginTokens.Subject(
                            role.aliasSource().equals("serviceaccount_name") ? full : account.uid(),
                            account.namespace() + "-" + account.name(),
                            metadata),
                    role.token(),
                    "login",
                    peer -> renewal(name));
        }
    }

    private TokenEntry.Lifetime renewal(String name) throws VaultFailure {
        KubernetesRoleEntry role = roles.get(name);
        if (role == null) {
            throw VaultFailure.wrapped(500, "failed to renew entry: role " + name + " does not exist during renewal");
        }
        return role.token().lifetime();
    }
}
