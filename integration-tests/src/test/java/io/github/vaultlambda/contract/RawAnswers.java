package io.github.vaultlambda.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests below {@code /v1/} and what every engine answers to them. */
final class RawAnswers {
    private static final Pattern STS_FAULT = Pattern.compile("<Code>([^<]+)</Code>");
    private static final Pattern ACCOUNT = Pattern.compile("(?<=:)\\d{12}(?=:)");

    /** The fields of a login, and of a renewal. */
    static final String AUTH =
            "auth: accessor client_token entity_id lease_duration metadata mfa_requirement num_uses orphan policies"
                    + " renewable token_policies token_type";

    private static final String MOUNT =
            "data: accessor config deprecation_status description external_entropy_access local options"
                    + " path plugin_version running_plugin_version running_sha256 seal_wrap type uuid";
    private static final String VERSION = "data: data metadata";
    private static final String DENIED = "1 error occurred: * permission denied";
    private static final String INVALID_TOKEN = "2 errors occurred: * permission denied * invalid token";
    private static final String WITHOUT_DATA =
            "Invalid path for a versioned K/V secrets engine. See the API docs for the"
                    + " appropriate API endpoints to use. If using the Vault CLI, use 'vault kv get' for this operation.";

    private RawAnswers() {}

    /** Whose token a request carries. */
    enum Who {
        NOBODY,
        READER,
        ROOT,
        BOGUS
    }

    /** A request, and the answer expected, in the form of {@link #said}. */
    record Probe(
            String method, String path, Who who, @Nullable String body, List<String> answer) {
        Probe(String method, String path, Who who, @Nullable String body, String... answer) {
            this(method, path, who, body, List.of(answer));
        }

        String name() {
            return who + " " + method + " " + path + (body == null ? "" : " " + body);
        }
    }

    static final List<Probe> TABLE = List.of(
            new Probe("GET", Bench.SECRET, Who.READER, null, "200", VERSION),
            new Probe("GET", Bench.SECRET + "?version=1", Who.READER, null, "200", VERSION),
            new Probe("GET", Bench.SECRET + "?version=7", Who.READER, null, "404"),
            new Probe(
                    "GET",
                    Bench.SECRET + "?version=x",
                    Who.READER,
                    null,
                    "400",
                    "Field validation failed: error converting input for field \"version\": cannot parse '' as int: strconv.ParseInt: parsing \"x\": invalid syntax"),
            new Probe("GET", Bench.MISSING, Who.READER, null, "404"),
            new Probe("GET", Bench.DELETED, Who.READER, null, "404", VERSION),
            new Probe("GET", Bench.WITHOUT_DATA, Who.READER, null, "404", WITHOUT_DATA),
            new Probe("GET", Bench.FORBIDDEN, Who.READER, null, "403", DENIED),
            new Probe("GET", "apps/billing/key", Who.READER, null, "403", DENIED),
            new Probe("GET", "apps/metadata/orders/db", Who.READER, null, "403", DENIED),
            new Probe("GET", "apps/metadata/orders?list=true", Who.READER, null, "403", DENIED),
            new Probe("PUT", Bench.SECRET, Who.READER, "{\"data\": {}}", "403", DENIED),
            new Probe("DELETE", Bench.SECRET, Who.READER, null, "403", DENIED),
            new Probe("GET", Bench.OLD_SECRET, Who.READER, null, "200", "data: password username"),
            new Probe("GET", "legacy/orders/missing", Who.READER, null, "404"),
            new Probe("GET", "legacy/billing/key", Who.READER, null, "403", DENIED),
            new Probe("GET", "nowhere/orders/db", Who.READER, null, "403", DENIED),
            new Probe("GET", "sys/mounts", Who.READER, null, "403", DENIED),
            new Probe("GET", "sys/nothing", Who.READER, null, "403", DENIED),
            new Probe("GET", "sys/internal/ui/mounts/" + Bench.SECRET, Who.READER, null, "200", MOUNT),
            new Probe("GET", "sys/internal/ui/mounts/" + Bench.OLD_SECRET, Who.READER, null, "200", MOUNT),
            new Probe(
                    "GET",
                    "sys/internal/ui/mounts/nowhere/orders",
                    Who.READER,
                    null,
                    "403",
                    "preflight capability check returned 403, please ensure client's policies grant access to path \"nowhere/orders/\""),
            new Probe("GET", "sys/internal/ui/mounts/apps", Who.NOBODY, null, "403", "permission denied"),
            new Probe(
                    "GET",
                    "auth/token/lookup-self",
                    Who.READER,
                    null,
                    "200",
                    "data: accessor creation_time creation_ttl display_name entity_id expire_time explicit_max_ttl id issue_time meta num_uses orphan path policies renewable ttl type"),
            new Probe("PUT", "auth/token/renew-self", Who.READER, "{\"increment\": 600}", "200", AUTH),
            new Probe("PUT", "auth/token/create", Who.READER, "{}", "403", DENIED),
            new Probe(
                    "PUT",
                    "sys/capabilities-self",
                    Who.READER,
                    "{\"paths\": [\"" + Bench.SECRET + "\"]}",
                    "200",
                    "data: " + Bench.SECRET + " capabilities"),
            new Probe(
                    "PUT",
                    "sys/leases/renew",
                    Who.READER,
                    "{\"lease_id\": \"apps/nothing\"}",
                    "400",
                    "lease not found"),
            new Probe(
                    "PUT", "sys/leases/lookup", Who.READER, "{\"lease_id\": \"apps/nothing\"}", "400", "invalid lease"),
            new Probe("GET", Bench.SECRET, Who.NOBODY, null, "403", "permission denied"),
            new Probe("GET", Bench.SECRET, Who.BOGUS, null, "403", INVALID_TOKEN),
            new Probe("GET", "auth/token/lookup-self", Who.NOBODY, null, "403", "permission denied"),
            new Probe("GET", "auth/token/lookup-self", Who.BOGUS, null, "403", INVALID_TOKEN),
            new Probe("PUT", "auth/token/renew-self", Who.BOGUS, "{}", "403", INVALID_TOKEN),
            new Probe("GET", "sys/health", Who.NOBODY, null, "200"),
            new Probe("GET", "sys/health", Who.BOGUS, null, "200"),
            new Probe("GET", "sys/seal-status", Who.NOBODY, null, "200"),
            new Probe(
                    "GET",
                    "nowhere/orders/db",
                    Who.ROOT,
                    null,
                    "404",
                    "no handler for route \"nowhere/orders/db\". route entry not found."),
            new Probe("GET", "sys/nothing", Who.ROOT, null, "404", "1 error occurred: * unsupported path"),
            new Probe("GET", "apps/metadata/orders/missing", Who.ROOT, null, "404"),
            new Probe("GET", "apps/data/", Who.ROOT, null, "404", WITHOUT_DATA),
            new Probe("PUT", "apps/data/orders/new", Who.ROOT, "{}", "400", "no data provided"),
            new Probe(
                    "PUT",
                    Bench.SECRET,
                    Who.ROOT,
                    "{\"data\": {\"a\": \"b\"}, \"options\": {\"cas\": 9}}",
                    "400",
                    "check-and-set parameter did not match the current version"),
            new Probe(
                    "PUT",
                    "apps/data/orders/new",
                    Who.ROOT,
                    "%%",
                    "400",
                    "error parsing JSON: failed to parse JSON input: invalid character '%' looking for beginning of value"),
            new Probe(
                    "PUT", "sys/mounts/apps", Who.ROOT, "{\"type\": \"kv\"}", "400", "path is already in use at apps/"),
            new Probe("PUT", "sys/auth/aws", Who.ROOT, "{\"type\": \"aws\"}", "400", "path is already in use at aws/"),
            new Probe(
                    "PUT",
                    "auth/aws/role/broken",
                    Who.ROOT,
                    "{\"auth_type\": \"iam\"}",
                    "400",
                    "at least one bound parameter should be specified on the role"),
            new Probe("GET", "auth/aws/role/missing", Who.ROOT, null, "404"),
            new Probe(
                    "PUT",
                    "auth/token/revoke-accessor",
                    Who.ROOT,
                    "{\"accessor\": \"nothing\"}",
                    "200",
                    "No token found with this accessor"),
            new Probe("PUT", "auth/token/lookup", Who.ROOT, "{\"token\": \"hvs.nonsense\"}", "403", "bad token"),
            new Probe("PUT", "auth/nowhere/login", Who.NOBODY, "{}", "403", "permission denied"),
            new Probe("PUT", "auth/nowhere/login", Who.READER, "{}", "403", DENIED));

    /**
     * The status, then errors, then warnings, then the names of the fields in {@code data} and {@code auth}. Of an error of STS
     * that Vault passes on only the code; of an ARN without the account.
     */
    static List<String> said(RawVault.Answer answer) {
        List<String> said = new ArrayList<>();
        said.add(Integer.toString(answer.status()));
        for (String error : answer.errors()) {
            Matcher fault = STS_FAULT.matcher(error);
            said.add(
                    fault.find()
                            ? "STS: " + fault.group(1)
                            : ACCOUNT.matcher(error).replaceAll("ACCOUNT"));
        }
        said.addAll(answer.warnings());
        for (String part : List.of("data", "auth")) {
            Set<String> names = new TreeSet<>();
            answer.body().path(part).properties().forEach(field -> names.add(field.getKey()));
            if (!names.isEmpty()) {
                said.add(part + ": " + String.join(" ", names));
            }
        }
        return said;
    }
}
