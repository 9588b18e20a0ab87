package io.github.vaultlambda.testkit.vault;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The AWS auth method, with logins of type iam and ec2. */
final class AwsAuthMethod implements LoginMethod {
    private static final List<String> CONFIG_TEXTS = List.of(
            "access_key",
            "endpoint",
            "iam_endpoint",
            "iam_server_id_header_value",
            "identity_token_audience",
            "role_arn",
            "rotation_schedule",
            "sts_endpoint",
            "sts_region");

    private final LoginTokens tokens;
    private final TreeMap<String, AwsRoleEntry> roles = new TreeMap<>();
    private final AwsCertificates certificates = new AwsCertificates();
    private final AwsEc2Logins ec2;
    private @Nullable Map<String, @Nullable Object> config;

    AwsAuthMethod(LoginTokens tokens, InstantSource clock, Ec2Instances instances) {
        this.tokens = tokens;
        this.ec2 = new AwsEc2Logins(tokens, clock, instances, certificates, roles::get);
    }

    @Override
    public String type() {
        return "aws";
    }

    @Override
    public boolean exists(String rest) {
        if (rest.equals("config/client")) {
            return config != null;
        }
        if (rest.startsWith("config/certificate/")) {
            return certificates.exists(rest);
        }
        return !rest.startsWith("role/") || roles.containsKey(roleName(rest));
    }

    private static String roleName(String rest) {
        return rest.substring("role/".length()).toLowerCase(Locale.ROOT);
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        boolean list = call.operation() == Operation.LIST;
        if (rest.equals("config/client")) {
            return configure(call);
        }
        if (AwsCertificates.serves(rest)) {
            return certificates.handle(call, rest);
        }
        if (AwsEc2Logins.serves(rest)) {
            return ec2.handle(call, rest);
        }
        if (list && (rest.equals("role/") || rest.equals("roles/"))) {
            return KeyTree.answer(new ArrayList<>(roles.keySet()));
        }
        if (rest.startsWith("role/") && rest.indexOf('/', "role/".length()) < 0) {
            return role(call, roleName(rest));
        }
        throw Backend.unsupportedPath();
    }

    private VaultAnswer configure(VaultCall call) throws VaultFailure {
        switch (call.operation()) {
            case READ -> {
                Map<String, @Nullable Object> shown = config;
                if (shown == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(shown);
            }
            case DELETE -> {
                config = null;
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                // The secret key is accepted and forgotten: nothing here needs it.
                Map<String, @Nullable Object> changed = new TreeMap<>();
                Map<String, @Nullable Object> old = config == null ? Map.of() : config;
                Fields fields = call.fields();
                for (String name : CONFIG_TEXTS) {
                    Object before = old.get(name);
                    changed.put(name, fields.has(name) ? fields.text(name) : before == null ? "" : before);
                }
                changed.put(
                        "use_sts_region_from_client",
                        fields.flag(
                                "use_sts_region_from_client",
                                Boolean.TRUE.equals(old.get("use_sts_region_from_client"))));
                changed.put(
                        "allowed_sts_header_values",
                        fields.has("allowed_sts_header_values")
                                ? fields.texts("allowed_sts_header_values")
                                : old.get("allowed_sts_header_values"));
                changed.put(
                        "max_retries",
                        fields.number("max_retries", old.get("max_retries") instanceof Integer n ? n : -1));
                changed.put("disable_automated_rotation", false);
                changed.put("identity_token_ttl", 0);
                changed.put("rotation_period", 0);
                changed.put("rotation_window", 0);
                config = changed;
                return VaultAnswer.none();
            }
            default -> {
                throw Backend.unsupportedOperation();
            }
        }
    }

    private VaultAnswer role(VaultCall call, String name) throws VaultFailure {
        if (name.isEmpty()) {
            throw VaultFailure.bad("missing role");
        }
        switch (call.operation()) {
            case READ -> {
                AwsRoleEntry role = roles.get(name);
                if (role == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(role.describe());
            }
            case DELETE -> {
                roles.remove(name);
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                roles.put(
                        name,
                        AwsRoleEntry.written(roles.get(name), call.fields().ofRole()));
                return VaultAnswer.none();
            }
            default -> {
                throw Backend.unsupportedOperation();
            }
        }
    }

    @Override
    public boolean login(String rest) {
        return rest.equals("login");
    }

    @Override
    public Login begin(VaultCall call, String rest) throws VaultFailure {
        LoginMethod.requireWrite(call);
        Fields fields = call.fields();
        boolean asEc2 = fields.has("pkcs7") || (fields.has("identity") && fields.has("signature"));
        if (asEc2 && StsProbe.any(fields)) {
            throw VaultFailure.bad("supplied auth values for both ec2 and iam auth types");
        }
        if (asEc2) {
            return () -> ec2.login(fields);
        }
        StsProbe probe = StsProbe.of(fields);
        Map<String, @Nullable Object> current = config == null ? Map.of() : config;
        String endpoint = text(current, "sts_endpoint");
        boolean reachable = !endpoint.isEmpty();
        probe.checkServerId(text(current, "iam_server_id_header_value"));
        List<String> allowed = new ArrayList<>();
        if (current.get("allowed_sts_header_values") instanceof List<?> names) {
            names.forEach(name -> allowed.add(String.valueOf(name)));
        }
        if (config != null) {
            probe.checkAllowedHeaders(allowed);
        }
        if (Boolean.TRUE.equals(current.get("use_sts_region_from_client"))) {
            String region = probe.region();
            if (region == null) {
                throw VaultFailure.bad("region missing from Authorization header");
            }
            endpoint = "https://sts." + region + ".amazonaws.com";
            reachable = false;
        } else if (!reachable) {
            endpoint = "https://sts.amazonaws.com";
        }
        return new IamLogin(probe, endpoint, reachable, fields.text("role"));
    }

    private static String text(Map<String, @Nullable Object> fields, String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    /** A login of type iam: STS says who signed. */
    private final class IamLogin implements Login {
        private final StsProbe probe;
        private final String endpoint;
        private final boolean reachable;
        private final String wanted;
        private String arn = "";

        IamLogin(StsProbe probe, String endpoint, boolean reachable, String wanted) {
            this.probe = probe;
            this.endpoint = endpoint;
            this.reachable = reachable;
            this.wanted = wanted;
        }

        @Override
        public void ask() throws VaultFailure {
            arn = probe.send(endpoint, reachable).arn();
        }

        @Override
        public VaultAnswer finish() throws VaultFailure {
            IamPrincipal principal = IamPrincipal.parse(arn);
            String roleName = wanted.isEmpty() ? principal.name() : wanted;
            AwsRoleEntry role = roles.get(roleName.toLowerCase(Locale.ROOT));
            if (role == null) {
                throw VaultFailure.bad("entry for role " + roleName + " not found");
            }
            if (!role.authType().equals("iam")) {
                throw VaultFailure.bad("auth method iam not allowed for role " + roleName);
            }
            if (!role.binds(principal)) {
                throw VaultFailure.bad(
                        "IAM Principal \"" + arn + "\" does not belong to the role \"" + roleName + "\"");
            }
            // What Vault hands out by default; ARNs and the user id need a change of config/identity.
            Map<String, String> meta =
                    Map.of("account_id", principal.account(), "auth_type", "iam", "role_id", role.roleId());
            String session = principal.session().isEmpty() ? "" : "/" + principal.session();
            // One entity per role, as the default alias is the role's id.
            return tokens.issue(
                    new LoginTokens.Subject(role.roleId(), principal.name() + session, meta),
                    role.token(),
                    "login",
                    peer -> renewal(roleName, principal));
        }
    }

    private TokenEntry.Lifetime renewal(String roleName, IamPrincipal principal) throws VaultFailure {
        AwsRoleEntry role = roles.get(roleName.toLowerCase(Locale.ROOT));
        if (role == null) {
            throw VaultFailure.wrapped(500, "failed to renew entry: role entry not found");
        }
        if (!role.binds(principal)) {
            throw VaultFailure.wrapped(
                    500,
                    "failed to renew entry: role \"" + roleName + "\" no longer bound to ARN \""
                            + principal.canonicalArn() + "\"");
        }
        return role.token().lifetime();
    }
}
