package io.github.vaultlambda.testkit.vault;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of {@code sys/} that need a token and an open Vault. */
final class SystemBackend implements Backend {
    private static final List<String> BUILT_IN = List.of("sys/", "cubbyhole/");

    private final MountTable mounts;
    private final PolicyStore policies;
    private final TokenStore tokens;
    private final InstantSource clock;
    private final Ec2Instances instances;
    private final Runnable seal;
    private final LeaseStore leases;
    private final LeaseEndpoint leasePaths;

    SystemBackend(
            MountTable mounts,
            PolicyStore policies,
            TokenStore tokens,
            LeaseStore leases,
            InstantSource clock,
            Ec2Instances instances,
            Runnable seal) {
        this.mounts = mounts;
        this.policies = policies;
        this.tokens = tokens;
        this.clock = clock;
        this.instances = instances;
        this.seal = seal;
        this.leases = leases;
        this.leasePaths = new LeaseEndpoint(leases);
    }

    @Override
    public String type() {
        return "system";
    }

    /** Paths that need the sudo capability. */
    static boolean needsSudo(String path) {
        return path.equals("sys/seal")
                || path.startsWith("sys/auth/")
                || path.equals("auth/token/create-orphan")
                || LeaseEndpoint.needsSudo(path);
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        boolean read = call.operation() == Operation.READ;
        if (rest.equals("seal") && call.operation().writes()) {
            seal.run();
            return VaultAnswer.none();
        }
        if (rest.equals("capabilities-self") && call.operation().writes()) {
            return capabilities(call);
        }
        VaultAnswer aboutLeases = leasePaths.handle(call, rest);
        if (aboutLeases != null) {
            return aboutLeases;
        }
        if (rest.equals("mounts") || rest.equals("auth")) {
            if (!read) {
                throw Backend.unsupportedOperation();
            }
            return VaultAnswer.data(mounts.list(rest.equals("auth"))).alsoOnTop();
        }
        if (rest.startsWith("mounts/")) {
            return mount(call, path(rest, "mounts/"), "");
        }
        if (rest.startsWith("auth/")) {
            return mount(call, path(rest, "auth/"), "auth/");
        }
        for (String area : List.of("policies/acl", "policy")) {
            if (rest.equals(area) || rest.startsWith(area + "/")) {
                String name = rest.length() > area.length() ? rest.substring(area.length() + 1) : "";
                return policy(call, name, area.equals("policy"));
            }
        }
        throw Backend.unsupportedPath();
    }

    private VaultAnswer capabilities(VaultCall call) throws VaultFailure {
        List<String> paths = call.fields().texts("paths");
        if (paths.isEmpty()) {
            throw VaultFailure.bad("paths must be supplied");
        }
        Acl acl = policies.acl(call.caller());
        Map<String, Object> answers = new LinkedHashMap<>();
        for (String path : paths) {
            answers.put(path, acl.capabilities(path));
        }
        if (paths.size() == 1) {
            answers.put("capabilities", acl.capabilities(paths.get(0)));
        }
        return VaultAnswer.data(answers).alsoOnTop();
    }

    private static String path(String rest, String area) {
        String path = rest.substring(area.length());
        return path.endsWith("/") ? path : path + "/";
    }

    private VaultAnswer mount(VaultCall call, String path, String area) throws VaultFailure {
        switch (call.operation()) {
            case READ -> {
                MountTable.Mount found = mounts.find(area + path);
                if (found == null || !found.path().equals(area + path)) {
                    throw VaultFailure.bad(
                            area.isEmpty() ? "No secret engine mount at " + path : "No auth engine at " + path);
                }
                return VaultAnswer.data(found.describe(false)).alsoOnTop();
            }
            case CREATE, UPDATE -> {
                enable(call.fields(), path, area);
                return VaultAnswer.none();
            }
            case DELETE -> {
                if (area.isEmpty() && BUILT_IN.contains(path)) {
                    throw VaultFailure.bad("cannot unmount \"" + path + "\"");
                }
                leases.revokeBelow(area + path);
                mounts.remove(area + path);
                return VaultAnswer.none();
            }
            default -> {
                throw Backend.unsupportedOperation();
            }
        }
    }

    private void enable(Fields fields, String path, String area) throws VaultFailure {
        String type = fields.text("type");
        if (type.isEmpty()) {
            throw VaultFailure.bad("backend type must be specified as a string");
        }
        Map<String, String> options = new LinkedHashMap<>();
        Map<String, @Nullable Object> given = fields.map("options");
        if (given != null) {
            given.forEach((name, value) -> options.put(name, String.valueOf(value)));
        }
        if (area.isEmpty() && BUILT_IN.contains(path)) {
            throw VaultFailure.bad("cannot mount \"" + path + "\"");
        }
        Backend backend = area.isEmpty() ? engine(type, options) : method(type, area + path);
        mounts.add(area + path, fields.text("description"), options, backend);
    }

    private Backend engine(String type, Map<String, String> options) throws VaultFailure {
        switch (type) {
            case "kv-v2" -> {
                options.put("version", "2");
                return new KvV2Engine(clock);
            }
            case "kv-v1" -> {
                options.put("version", "1");
                return new KvV1Engine();
            }
            case "kv", "generic" -> {
                return "2".equals(options.get("version")) ? new KvV2Engine(clock) : new KvV1Engine();
            }
            case "aws" -> {
                return new AwsEngine();
            }
            case "database" -> {
                return new DatabaseEngine(clock);
            }
            case "pki" -> {
                return new PkiEngine(clock);
            }
            case "cubbyhole", "system", "token" -> {
                throw VaultFailure.bad("mount type of \"" + type + "\" is not mountable");
            }
            default -> {
                throw VaultFailure.bad("plugin not found in the catalog: " + type);
            }
        }
    }

    private Backend method(String type, String path) throws VaultFailure {
        LoginTokens logins = new LoginTokens(path, tokens);
        return switch (type) {
            case "approle" -> new AppRoleMethod(logins, clock);
            case "aws" -> new AwsAuthMethod(logins, clock, instances);
            case "cert" -> new CertMethod(logins, clock);
            case "jwt" -> new JwtMethod(logins, clock);
            case "kubernetes" -> new KubernetesMethod(logins, clock);
            case "userpass" -> new UserpassMethod(logins, clock);
            default -> throw VaultFailure.bad("plugin not found in the catalog: " + type);
        };
    }

    private VaultAnswer policy(VaultCall call, String name, boolean old) throws VaultFailure {
        switch (call.operation()) {
            case LIST -> {
                return VaultAnswer.data(Map.of("keys", policies.names()));
            }
            case READ -> {
                if (name.isEmpty()) {
                    return VaultAnswer.data(Map.of("keys", policies.names(), "policies", policies.names()))
                            .alsoOnTop();
                }
                Policy policy = policies.get(name);
                if (policy == null) {
                    throw VaultFailure.absent();
                }
                VaultAnswer answer =
                        VaultAnswer.data(Map.of("name", policy.name(), old ? "rules" : "policy", policy.text()));
                return old ? answer.alsoOnTop() : answer;
            }
            case CREATE, UPDATE -> {
                Object text = call.fields().raw().get("policy");
                if (name.equals("root")) {
                    throw VaultFailure.bad("cannot update \"root\" policy");
                }
                if (text == null || text.toString().isEmpty()) {
                    throw VaultFailure.bad("'policy' parameter not supplied or empty");
                }
                policies.put(name, text.toString());
                return VaultAnswer.none();
            }
            case DELETE -> {
                policies.remove(name);
                return VaultAnswer.none();
            }
            default -> {
                throw Backend.unsupportedOperation();
            }
        }
    }

    /** {@code sys/internal/ui/mounts}: the mounts that a caller may touch; none for a caller without token. */
    VaultAnswer mountsOf(@Nullable TokenEntry token) {
        Acl acl = token == null ? null : policies.acl(token);
        Map<String, Object> data = new LinkedHashMap<>();
        for (boolean auth : new boolean[] {true, false}) {
            data.put(
                    auth ? "auth" : "secret",
                    mounts.list(auth, true, mount -> acl != null && acl.touches(mount.path())));
        }
        return VaultAnswer.data(data);
    }

    /** {@code sys/internal/ui/mounts/<path>}: which mount serves a path, for callers that may touch it. */
    VaultAnswer mountOf(TokenEntry token, VaultCall call) throws VaultFailure {
        String rawPath = call.path().substring("sys/internal/ui/mounts/".length());
        if (call.operation() != Operation.READ) {
            throw new VaultFailure(405, List.of("unsupported operation"));
        }
        String path = rawPath.endsWith("/") ? rawPath : rawPath + "/";
        MountTable.Mount mount = mounts.find(path);
        if (mount == null || !policies.acl(token).touches(mount.path())) {
            throw new VaultFailure(
                    403,
                    List.of("preflight capability check returned 403, please ensure client's policies grant access to"
                            + " path \"" + path + "\""));
        }
        Map<String, @Nullable Object> data = mount.describe(true);
        data.put("path", mount.auth() ? mount.path().substring("auth/".length()) : mount.path());
        return VaultAnswer.data(data);
    }
}
