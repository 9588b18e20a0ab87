package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.FormText;
import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import io.github.vaultlambda.testkit.wire.Mint;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Vault behind its HTTP API: tells who calls, what is allowed, and which backend answers. Thread-safe. */
public final class VaultService {
    private static final String VERSION = "1.21.0";
    private static final String UI_MOUNTS = "sys/internal/ui/mounts";
    private static final String UI_MOUNT = UI_MOUNTS + "/";

    private final InstantSource clock;
    private final Consumer<Trace> traces;
    private final FaultPlan faults = new FaultPlan();
    private final TokenStore tokens;
    private final PolicyStore policies = new PolicyStore();
    private final MountTable mounts = new MountTable();
    private final LeaseStore leases;
    private final Ec2Instances instances = new Ec2Instances();
    private final SystemBackend system;
    private final WrappedAnswers wrapped;
    private final TokenEntry root;
    private final String clusterId = Mint.uuid();
    private final HaState ha = new HaState(clusterId);
    private final String unsealKey = Mint.secret("");
    private boolean sealed;

    public VaultService(InstantSource clock, String rootToken, Consumer<Trace> traces) {
        this.clock = clock;
        this.traces = traces;
        this.tokens = new TokenStore(clock);
        this.root = tokens.root(rootToken);
        this.wrapped = new WrappedAnswers(clock, tokens);
        this.leases = new LeaseStore(clock);
        this.system = new SystemBackend(mounts, policies, tokens, leases, clock, instances, () -> sealed = true);
        try {
            mounts.add("sys/", "system endpoints used for control, policy and debugging", null, system);
            mounts.add("cubbyhole/", "per-token private secret storage", null, new CubbyholeEngine());
            mounts.add("auth/token/", "token based credentials", null, new TokenMethod(tokens, policies));
            mounts.add("secret/", "key/value secret storage", Map.of("version", "2"), new KvV2Engine(clock));
        } catch (VaultFailure e) {
            throw new IllegalStateException("the first mounts cannot collide", e);
        }
    }

    public FaultPlan faults() {
        return faults;
    }

    public Ec2Instances instances() {
        return instances;
    }

    public HaState ha() {
        return ha;
    }

    /** What sys/unseal wants. */
    public String unsealKey() {
        return unsealKey;
    }

    public synchronized void seal(boolean closed) {
        sealed = closed;
    }

    public synchronized void revokeAllTokens() {
        tokens.revokeAllButRoot();
    }

    /** The ids of the living leases at this path and below. */
    public synchronized List<String> leases(String path) {
        return leases.living(path);
    }

    public synchronized void revokeLease(String id) {
        leases.revoke(id);
    }

    /** The users that the database engine at this mount has made and that are still there. */
    public synchronized List<String> databaseUsers(String mount) {
        leases.sweep();
        return database(mount).users();
    }

    public synchronized boolean databaseAccepts(String mount, String username, String password) {
        leases.sweep();
        return database(mount).accepts(username, password);
    }

    private DatabaseEngine database(String mount) {
        MountTable.Mount found = mounts.find(mount + "/");
        if (found != null && found.backend() instanceof DatabaseEngine database) {
            return database;
        }
        throw new IllegalStateException("no database engine at " + mount);
    }

    /**
     * Does with the root token what an administrator would do over HTTP, unseen by faults and records.
     *
     * @throws IllegalStateException with Vault's errors when it is refused
     */
    public synchronized @Nullable Map<String, @Nullable Object> admin(
            String method, String path, Map<String, ?> fields) {
        try {
            VaultAnswer answer = route(
                    call(method, path, Fields.of(fields), 0, false, List.of()).by(root));
            return answer.auth() == null ? answer.data() : answer.auth();
        } catch (VaultFailure failure) {
            throw new IllegalStateException(
                    method + " " + path + " was refused with " + failure.status() + ": " + failure.errors(), failure);
        }
    }

    /** Answers one HTTP request. */
    public HttpAnswer handle(HttpRequest request) throws InterruptedException {
        String decoded = FormText.decode(request.path(), false);
        if (!decoded.startsWith("/v1/")) {
            return HttpAnswer.of(307, "text/html; charset=utf-8", "<a href=\"/ui/\">Temporary Redirect</a>.\n\n");
        }
        String path = decoded.substring("/v1/".length());
        boolean login = isLogin(path);
        String accessor = accessorOf(request);
        faults.pause(path);
        HttpAnswer answer = faults.held(path) ? HttpAnswer.dropped() : faults.next(path);
        if (answer == null) {
            answer = respond(request, path);
        }
        String namespace = request.headers().first("X-Vault-Namespace");
        String agent = request.headers().first("User-Agent");
        traces.accept(new Trace(
                request.method(),
                path,
                request.query(),
                answer.status(),
                namespace == null ? "" : namespace,
                accessor,
                agent == null ? "" : agent,
                login));
        return answer;
    }

    private synchronized String accessorOf(HttpRequest request) {
        TokenEntry entry = tokens.find(tokenOf(request));
        return entry == null ? "" : entry.accessor;
    }

    private HttpAnswer respond(HttpRequest request, String path) {
        HeaderList headers = new HeaderList()
                .add("Cache-Control", "no-store")
                .add("Content-Type", "application/json")
                .add("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        int status;
        String body;
        try {
            String elsewhere =
                    ha.redirect(path, request.path() + (request.query().isEmpty() ? "" : "?" + request.query()));
            if (elsewhere != null) {
                return new HttpAnswer(
                        307, new HeaderList().add("Cache-Control", "no-store").add("Location", elsewhere), new byte[0]);
            }
            boolean write = !List.of("GET", "LIST", "HEAD").contains(request.method());
            boolean forwarded = request.headers().first("X-Vault-Inconsistent") != null
                    || request.headers().first("X-Vault-Forward") != null;
            if (!write && !forwarded) {
                ha.requireState(request.headers().all("X-Vault-Index"));
            }
            VaultAnswer answer = answer(request, path);
            String index = write ? ha.afterWrite() : null;
            if (index != null) {
                headers.add("X-Vault-Index", index);
            }
            status = answer.status();
            body = status == 204 ? "" : body(answer, path);
        } catch (VaultFailure failure) {
            status = failure.status();
            body = Json.write(Map.of("errors", failure.errors())) + "\n";
        }
        return new HttpAnswer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private String body(VaultAnswer answer, String path) {
        String json = answer.json();
        if (json != null) {
            return json;
        }
        // The engine itself writes the 404 that has a body, without a line break.
        return Json.write(envelope(answer, path)) + (answer.status() == 404 ? "" : "\n");
    }

    private Map<String, ?> envelope(VaultAnswer answer, String path) {
        Map<String, @Nullable Object> data = answer.data();
        if (answer.bare() && data != null) {
            return data;
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (answer.dataOnTop() && data != null) {
            body.putAll(data);
        }
        boolean open = path.equals(UI_MOUNTS)
                || path.startsWith(UI_MOUNT)
                || path.equals(WrappedAnswers.LOOKUP)
                || isLogin(path);
        String type = answer.status() == 200 && !open ? typeAt(path) : "";
        body.putAll(answer.envelope(Mint.uuid(), null, type));
        return body;
    }

    private synchronized String typeAt(String path) {
        MountTable.Mount mount = mounts.find(path);
        return mount == null ? "" : mount.backend().type();
    }

    private VaultAnswer answer(HttpRequest request, String path) throws VaultFailure {
        VaultAnswer open = withoutToken(request, path);
        if (open != null) {
            return open;
        }
        synchronized (this) {
            if (sealed) {
                throw new VaultFailure(503, List.of("Vault is sealed"));
            }
        }
        Map<String, List<String>> query = FormText.parse(request.query());
        String method = request.method();
        if (method.equals("GET")
                && query.containsKey("list")
                && "true".equals(query.get("list").get(0))) {
            method = "LIST";
        }
        if (!List.of("GET", "LIST", "POST", "PUT", "DELETE", "PATCH", "HEAD").contains(method)) {
            throw new VaultFailure(405, List.of());
        }
        long wrapSeconds = WrappedAnswers.seconds(request.headers().first("X-Vault-Wrap-TTL"));
        Fields fields = fields(request, method, query, path);
        VaultCall call = call(method, path, fields, wrapSeconds, request.tls(), request.peerCertificates());
        if (path.equals(WrappedAnswers.WRAP)
                && wrapSeconds == 0
                && call.operation().writes()) {
            throw VaultFailure.bad("endpoint requires response wrapping to be used");
        }
        LoginMethod login = method.equals("LIST") ? null : loginAt(path);
        VaultAnswer answer;
        if (login != null) {
            answer = login(login, call);
        } else {
            synchronized (this) {
                answer = wrapped.holds(path) ? wrapping(request, call) : authenticated(request, call);
            }
        }
        // A 404 with a body is wrapped too, and is one again when it is unwrapped.
        boolean content = answer.status() == 200 || answer.status() == 404;
        if (wrapSeconds == 0 || !content || answer.json() != null) {
            return answer;
        }
        String json = Json.write(envelope(answer, path));
        synchronized (this) {
            return wrapped.wrap(path, wrapSeconds, json, answer);
        }
    }

    private VaultAnswer login(LoginMethod method, VaultCall call) throws VaultFailure {
        LoginMethod.Login login;
        synchronized (this) {
            login = method.begin(call, below(call));
        }
        login.ask();
        synchronized (this) {
            return login.finish();
        }
    }

    // The wrapping token is judged before the caller is.
    private VaultAnswer wrapping(HttpRequest request, VaultCall call) throws VaultFailure {
        TokenEntry held = wrapped.token(call.fields(), tokenOf(request));
        if (call.path().equals(WrappedAnswers.LOOKUP)) {
            return wrapped.lookUp(held);
        }
        return authenticated(request, call, () -> wrapped.open(call, held));
    }

    private VaultAnswer authenticated(HttpRequest request, VaultCall call) throws VaultFailure {
        return authenticated(request, call, null);
    }

    private VaultAnswer authenticated(HttpRequest request, VaultCall call, WrappedAnswers.@Nullable Opening opening)
            throws VaultFailure {
        String id = tokenOf(request);
        if (call.path().equals(UI_MOUNT)) {
            throw new VaultFailure(404, List.of("unsupported path"));
        }
        boolean allMounts = call.path().equals(UI_MOUNTS) && call.operation() == Operation.READ;
        if (id.isEmpty()) {
            if (allMounts) {
                return system.mountsOf(null);
            }
            throw new VaultFailure(403, List.of("permission denied"));
        }
        TokenEntry token = tokens.find(id);
        if (token == null) {
            throw VaultFailure.invalidToken();
        }
        if (allMounts) {
            return system.mountsOf(token);
        }
        if (call.path().startsWith(UI_MOUNT)) {
            return system.mountOf(token, call);
        }
        if (call.operation().writes() && call.path().endsWith("/")) {
            throw VaultFailure.bad("cannot write to a path ending in '/'");
        }
        boolean last = TokenStore.use(token);
        try {
            boolean sudo = SystemBackend.needsSudo(call.path());
            if (!policies.acl(token).allows(call.operation(), call.path(), sudo, call.wrapSeconds())) {
                throw VaultFailure.wrapped(403, "permission denied");
            }
            if (opening != null) {
                return opening.open();
            }
            if (call.path().equals(WrappedAnswers.WRAP) && call.operation().writes()) {
                return VaultAnswer.data(call.fields().raw());
            }
            VaultAnswer answer = route(call.by(token));
            if (last && !answer.lease().id().isEmpty()) {
                throw VaultFailure.bad("Secret cannot be returned; token had one use left, so leased credentials were"
                        + " immediately revoked.");
            }
            return answer;
        } finally {
            if (last) {
                tokens.revoke(token);
            }
        }
    }

    private VaultAnswer route(VaultCall call) throws VaultFailure {
        MountTable.Mount mount = mounts.find(call.path());
        if (mount == null) {
            throw new VaultFailure(
                    404, List.of("no handler for route \"" + call.path() + "\". route entry not found."));
        }
        VaultAnswer answer = mount.backend().handle(call, below(call));
        LeasedSecret leased = answer.leased();
        return leased == null ? answer : leases.issue(call.path(), call.caller(), answer, leased);
    }

    private synchronized String below(VaultCall call) {
        MountTable.Mount mount = mounts.find(call.path());
        int end =
                mount == null ? 0 : Math.min(mount.path().length(), call.path().length());
        return call.path().substring(end);
    }

    private synchronized VaultCall call(
            String method,
            String path,
            Fields fields,
            long wrapSeconds,
            boolean tls,
            List<X509Certificate> peerCertificates) {
        Operation operation = switch (method) {
            case "GET" -> Operation.READ;
            case "LIST" -> Operation.LIST;
            case "DELETE" -> Operation.DELETE;
            case "PATCH" -> Operation.PATCH;
            case "POST", "PUT" -> Operation.UPDATE;
            default -> Operation.OTHER;
        };
        String full = operation == Operation.LIST && !path.endsWith("/") ? path + "/" : path;
        MountTable.Mount mount = mounts.find(full);
        if (operation == Operation.UPDATE && mount != null) {
            String rest = full.substring(Math.min(mount.path().length(), full.length()));
            operation = mount.backend().exists(rest) ? Operation.UPDATE : Operation.CREATE;
        }
        return new VaultCall(operation, full, fields, wrapSeconds, null, tls, peerCertificates);
    }

    private Fields fields(HttpRequest request, String method, Map<String, List<String>> query, String path)
            throws VaultFailure {
        if (method.equals("PATCH")) {
            String type = request.headers().first("Content-Type");
            if (type == null) {
                throw VaultFailure.bad("mime: no media type");
            }
            if (!type.split(";", 2)[0].strip().equals("application/merge-patch+json")) {
                throw new VaultFailure(
                        415, List.of("PATCH requires Content-Type of application/merge-patch+json, provided " + type));
            }
        }
        if (method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            try {
                return Fields.of(Json.readObject(request.body()));
            } catch (JsonException e) {
                String text = "failed to parse JSON input: " + e.getMessage();
                throw isLogin(path)
                        ? new VaultFailure(500, List.of(text))
                        : VaultFailure.bad("error parsing JSON: " + text);
            }
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        query.forEach((name, all) -> values.put(name, all.get(0)));
        values.remove("list");
        return new Fields(values);
    }

    private static String tokenOf(HttpRequest request) {
        String own = request.headers().first("X-Vault-Token");
        if (own != null && !own.isEmpty()) {
            return own;
        }
        for (String value : request.headers().all("Authorization")) {
            if (value.startsWith("Bearer ")) {
                return value.substring("Bearer ".length()).strip();
            }
        }
        return "";
    }

    private boolean isLogin(String path) {
        return loginAt(path) != null;
    }

    private synchronized @Nullable LoginMethod loginAt(String path) {
        MountTable.Mount mount = mounts.find(path);
        if (mount == null || path.length() <= mount.path().length()) {
            return null;
        }
        String rest = path.substring(mount.path().length());
        return mount.backend() instanceof LoginMethod method && method.login(rest) ? method : null;
    }

    private synchronized @Nullable VaultAnswer withoutToken(HttpRequest request, String path) throws VaultFailure {
        boolean get = request.method().equals("GET");
        switch (path) {
            case "sys/health" -> {
                if (!get && !request.method().equals("HEAD")) {
                    throw new VaultFailure(405, List.of());
                }
                return health(FormText.parse(request.query()));
            }
            case "sys/seal-status" -> {
                requireGet(get);
                return VaultAnswer.bare(200, sealStatus());
            }
            case "sys/leader" -> {
                requireGet(get);
                return VaultAnswer.bare(200, leader());
            }
            case "sys/init" -> {
                requireGet(get);
                return VaultAnswer.bare(200, Map.of("initialized", true));
            }
            case "sys/unseal" -> {
                requireGet(request.method().equals("POST") || request.method().equals("PUT"));
                return unseal(request);
            }
            default -> {
                return null;
            }
        }
    }

    private static void requireGet(boolean right) throws VaultFailure {
        if (!right) {
            throw new VaultFailure(405, List.of());
        }
    }

    private VaultAnswer unseal(HttpRequest request) throws VaultFailure {
        Fields fields = Fields.of(Json.readObject(request.body()));
        String key = fields.text("key");
        if (key.isEmpty() && !fields.flag("reset", false)) {
            throw VaultFailure.bad("'key' must be specified in request body as JSON, or 'reset' set to true");
        }
        if (!key.isEmpty() && sealed) {
            if (!key.equals(unsealKey)) {
                throw VaultFailure.bad("'key' must be a valid hex or base64 string");
            }
            sealed = false;
        }
        return VaultAnswer.bare(200, sealStatus());
    }

    private VaultAnswer health(Map<String, List<String>> query) throws VaultFailure {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("initialized", true);
        body.put("sealed", sealed);
        HaState.Role role = ha.role();
        boolean standby = sealed || role != HaState.Role.ACTIVE;
        boolean performance = !sealed && role == HaState.Role.PERFORMANCE_STANDBY;
        String mode = sealed ? "unknown" : "disabled";
        body.put("standby", standby);
        body.put("performance_standby", performance);
        body.put("replication_performance_mode", mode);
        body.put("replication_dr_mode", mode);
        body.put("server_time_utc", clock.instant().getEpochSecond());
        body.put("version", VERSION);
        body.put("enterprise", performance);
        addCluster(body);
        body.put("echo_duration_ms", 0);
        body.put("clock_skew_ms", 0);
        body.put("replication_primary_canary_age_ms", 0);
        return VaultAnswer.bare(healthStatus(query, role), body);
    }

    private int healthStatus(Map<String, List<String>> query, HaState.Role role) throws VaultFailure {
        if (sealed) {
            return code(query, "sealedcode", 503);
        }
        int active = code(query, "activecode", 200);
        return switch (role) {
            case ACTIVE -> active;
            case STANDBY -> allowed(query, "standbyok") ? active : code(query, "standbycode", 429);
            case PERFORMANCE_STANDBY ->
                allowed(query, "perfstandbyok") ? active : code(query, "performancestandbycode", 473);
        };
    }

    private static boolean allowed(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values != null && List.of("", "true", "1", "t").contains(values.get(0));
    }

    private static int code(Map<String, List<String>> query, String name, int fallback) throws VaultFailure {
        List<String> values = query.get(name);
        if (values == null) {
            return fallback;
        }
        if (!values.get(0).matches("[1-5]\\d\\d")) {
            throw new VaultFailure(400, List.of());
        }
        return Integer.parseInt(values.get(0));
    }

    private Map<String, Object> sealStatus() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "shamir");
        body.put("initialized", true);
        body.put("sealed", sealed);
        body.put("t", 1);
        body.put("n", 1);
        body.put("progress", 0);
        body.put("nonce", "");
        body.put("version", VERSION);
        body.put("build_date", "2025-10-22T00:00:00Z");
        body.put("migration", false);
        addCluster(body);
        body.put("recovery_seal", false);
        body.put("storage_type", "inmem");
        return body;
    }

    private void addCluster(Map<String, Object> body) {
        if (!sealed) {
            body.put("cluster_name", "vault-cluster-" + clusterId.substring(0, 8));
            body.put("cluster_id", clusterId);
        }
    }

    private Map<String, Object> leader() {
        Map<String, Object> body = new LinkedHashMap<>();
        ha.describe(body, clock.instant().toString());
        return body;
    }
}
