package io.github.vaultlambda.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vaultlambda.contract.MethodAnswers.Ask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests to the secrets engines and about leases, and what every engine answers to them. */
final class EngineAnswers {
    private static final String DENIED = "error: 1 error occurred: * permission denied";
    private static final String WITHOUT_DATA =
            "warning: Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints"
                    + " to use. If using the Vault CLI, use 'vault kv get' for this operation.";
    private static final String CERTIFICATE =
            "data: {'ca_chain':'*','certificate':'*','expiration':'*','issuing_ca':'*','private_key':'*',"
                    + "'private_key_type':'ec','serial_number':'*'}";
    private static final Pattern MADE_UP = Pattern.compile("'username':'v-[^']*'");

    private EngineAnswers() {}

    /** The secrets that requests name; each is made when it is asked for, but for the holder, who has a cubbyhole. */
    static Map<String, Supplier<String>> secrets(Bench bench) {
        VaultAdmin admin = bench.admin();
        SecretsEngines engines = bench.engines();
        Map<String, ?> hour = Map.of("ttl", "1h");
        String holder = admin.createToken(Bench.POLICY);
        bench.raw().put("cubbyhole/note", holder, Map.of("text", "hello"));
        Map<String, Supplier<String>> secrets = new LinkedHashMap<>();
        secrets.put("root", bench.engine()::rootToken);
        secrets.put("reader", () -> admin.createToken(List.of(Bench.POLICY, SecretsEngines.POLICY), hour));
        secrets.put("other", () -> admin.createToken(Bench.POLICY));
        secrets.put("revoker", () -> admin.createToken(SecretsEngines.REVOKE_POLICY));
        secrets.put("wrapper", () -> admin.createToken(SecretsEngines.WRAPPING_POLICY));
        secrets.put(
                "plain",
                () -> admin.createToken(
                        List.of(Bench.POLICY, SecretsEngines.POLICY), Map.of("ttl", "1h", "no_default_policy", true)));
        secrets.put("holder", () -> holder);
        secrets.put("wrapped", () -> bench.admin().readWrapped(Bench.SECRET));
        secrets.put("wrapped deleted", () -> bench.admin().readWrapped(Bench.DELETED));
        secrets.put("wrapped without data", () -> bench.admin().readWrapped(Bench.WITHOUT_DATA));
        secrets.put("wrapped credentials", () -> bench.admin().readWrapped(SecretsEngines.CREDENTIALS));
        secrets.put("lease", engines::lease);
        secrets.put("revoked lease", engines::revokedLease);
        return secrets;
    }

    /** As {@link MethodAnswers#said}, and after the status the lease, where there is one, and the type of the mount. */
    static List<String> said(RawVault.Answer answer) {
        List<String> said = new ArrayList<>();
        for (String part : MethodAnswers.said(answer)) {
            said.add(MADE_UP.matcher(part).replaceAll("'username':'*'"));
        }
        JsonNode body = answer.body();
        String type = body.path("mount_type").asText();
        if (!type.isEmpty()) {
            said.add(1, "mount_type: " + type);
        }
        String lease = body.path("lease_id").asText();
        long seconds = body.path("lease_duration").asLong();
        if (!lease.isEmpty() || seconds != 0) {
            String name = lease.isEmpty() ? "none" : lease.substring(0, lease.lastIndexOf('/')) + "/*";
            // a second may pass between two requests
            long whole = (seconds + 4) / 5 * 5;
            said.add(1, "lease: " + name + " " + whole + (body.path("renewable").asBoolean() ? " renewable" : ""));
        }
        return said;
    }

    private static String mount(String path, String type, String options) {
        String status = type.equals("database") ? "" : "'deprecation_status':'supported',";
        return "data: {'accessor':'*','config':{'default_lease_ttl':2764800,'force_no_cache':false,"
                + "'max_lease_ttl':2764800}," + status + "'description':'','external_entropy_access':false,"
                + "'local':false,'options':" + options + ",'path':'" + path + "/','plugin_version':'',"
                + "'running_plugin_version':'*','running_sha256':'','seal_wrap':false,'type':'" + type
                + "','uuid':'*'}";
    }

    static final List<Ask> TABLE = List.of(
            // dynamic database credentials
            read(
                    "credentials",
                    SecretsEngines.CREDENTIALS,
                    "<reader>",
                    "200",
                    "lease: database/creds/orders/* 3600 renewable",
                    "mount_type: database",
                    "data: {'password':'*','username':'*'}"),
            read("credentials, forbidden", SecretsEngines.CREDENTIALS, "<other>", "403", DENIED),
            write(
                    "credentials by writing",
                    SecretsEngines.CREDENTIALS,
                    "<root>",
                    "{}",
                    "405",
                    "error: 1 error occurred: * unsupported operation"),
            read(
                    "credentials of an unknown role",
                    "database/creds/nobody",
                    "<reader>",
                    "400",
                    "error: unknown role: nobody"),
            read(
                    "credentials of no role",
                    "database/creds",
                    "<root>",
                    "404",
                    "error: 1 error occurred: * unsupported path"),
            read("role", "database/roles/orders", "<reader>", "403", DENIED),
            // credentials of a static role
            read(
                    "static credentials",
                    SecretsEngines.STATIC_CREDENTIALS,
                    "<reader>",
                    "200",
                    "mount_type: database",
                    "data: {'last_vault_rotation':'*','password':'*','rotation_period':86400,'ttl':'*','username':'reports'}"),
            read("static credentials, forbidden", SecretsEngines.STATIC_CREDENTIALS, "<other>", "403", DENIED),
            read(
                    "static credentials of an unknown role",
                    "database/static-creds/nobody",
                    "<reader>",
                    "400",
                    "error: unknown role: nobody"),
            write("rotation", "database/rotate-role/reports", "<root>", "{}", "204"),
            write(
                    "rotation of an unknown role",
                    "database/rotate-role/nobody",
                    "<root>",
                    "{}",
                    "400",
                    "error: no static role found for role name"),
            write("rotation, forbidden", "database/rotate-role/reports", "<reader>", "{}", "403", DENIED),
            // leases
            write(
                    "renewal",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': '<lease>'}",
                    "200",
                    "lease: database/creds/orders/* 3600 renewable",
                    "mount_type: system"),
            write(
                    "renewal, shorter",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': '<lease>', 'increment': 600}",
                    "200",
                    "lease: database/creds/orders/* 600 renewable",
                    "mount_type: system"),
            write(
                    "renewal, in words",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': '<lease>', 'increment': '90m'}",
                    "200",
                    "lease: database/creds/orders/* 5400 renewable",
                    "mount_type: system"),
            write(
                    "renewal, capped",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': '<lease>', 'increment': '9h'}",
                    "200",
                    "lease: database/creds/orders/* 7200 renewable",
                    "mount_type: system",
                    "warning: TTL of \"9h\" exceeded the effective max_ttl of \"TIME\"; TTL value is capped accordingly"),
            write(
                    "renewal, nonsense",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': '<lease>', 'increment': 'x'}",
                    "400",
                    "error: Field validation failed: error converting input for field \"increment\": time: invalid duration \"x\""),
            write("renewal by path", "sys/leases/renew/<lease>", "<other>", "{}", "403", DENIED),
            write(
                    "renewal by an old path",
                    "sys/renew",
                    "<other>",
                    "{'lease_id': '<lease>'}",
                    "200",
                    "lease: database/creds/orders/* 3600 renewable",
                    "mount_type: system"),
            write(
                    "renewal without lease",
                    "sys/leases/renew",
                    "<other>",
                    "{}",
                    "400",
                    "error: lease_id must be specified"),
            write(
                    "renewal, revoked",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': '<revoked lease>'}",
                    "400",
                    "error: lease not found"),
            write(
                    "renewal, unknown",
                    "sys/leases/renew",
                    "<other>",
                    "{'lease_id': 'database/creds/orders/nothing'}",
                    "400",
                    "error: lease not found"),
            write("renewal, forbidden", "sys/leases/renew", "<plain>", "{'lease_id': '<lease>'}", "403", DENIED),
            write(
                    "lookup",
                    "sys/leases/lookup",
                    "<other>",
                    "{'lease_id': '<lease>'}",
                    "200",
                    "mount_type: system",
                    "data: {'expire_time':'*','id':'*','issue_time':'*','last_renewal':null,'renewable':true,'ttl':'*'}"),
            write(
                    "lookup, revoked",
                    "sys/leases/lookup",
                    "<other>",
                    "{'lease_id': '<revoked lease>'}",
                    "400",
                    "error: invalid lease"),
            write(
                    "lookup without lease",
                    "sys/leases/lookup",
                    "<other>",
                    "{}",
                    "400",
                    "error: lease_id must be specified"),
            write("revocation", "sys/leases/revoke", "<revoker>", "{'lease_id': '<lease>'}", "204"),
            write(
                    "revocation at once",
                    "sys/leases/revoke",
                    "<revoker>",
                    "{'lease_id': '<lease>', 'sync': true}",
                    "204"),
            write("revocation, again", "sys/leases/revoke", "<revoker>", "{'lease_id': '<revoked lease>'}", "204"),
            write("revocation, unknown", "sys/leases/revoke", "<revoker>", "{'lease_id': 'x'}", "204"),
            write(
                    "revocation without lease",
                    "sys/leases/revoke",
                    "<revoker>",
                    "{}",
                    "400",
                    "error: lease_id must be specified"),
            write("revocation by path", "sys/leases/revoke/<lease>", "<root>", "{}", "204"),
            write("revocation, forbidden", "sys/leases/revoke", "<reader>", "{'lease_id': '<lease>'}", "403", DENIED),
            write("revocation of many", "sys/leases/revoke-prefix/database/creds/nobody", "<root>", "{}", "204"),
            write(
                    "revocation of many, forbidden",
                    "sys/leases/revoke-prefix/database",
                    "<revoker>",
                    "{}",
                    "403",
                    DENIED),
            // certificates
            write(
                    "certificate",
                    SecretsEngines.CERTIFICATE,
                    "<reader>",
                    "{'common_name': 'a.contract.test'}",
                    "200",
                    "mount_type: pki",
                    "warning: TTL \"768h0m0s\" is longer than permitted maxTTL \"24h0m0s\", so maxTTL is being used",
                    "warning: TTL \"768h0m0s\" is longer than permitted maxTTL \"24h0m0s\", so maxTTL is being used",
                    CERTIFICATE),
            write(
                    "certificate with a time",
                    SecretsEngines.CERTIFICATE,
                    "<reader>",
                    "{'common_name': 'a.contract.test', 'ttl': '1h'}",
                    "200",
                    "mount_type: pki",
                    CERTIFICATE),
            write(
                    "certificate, too long",
                    SecretsEngines.CERTIFICATE,
                    "<reader>",
                    "{'common_name': 'a.contract.test', 'ttl': '100h'}",
                    "200",
                    "mount_type: pki",
                    "warning: TTL \"100h0m0s\" is longer than permitted maxTTL \"24h0m0s\", so maxTTL is being used",
                    "warning: TTL \"100h0m0s\" is longer than permitted maxTTL \"24h0m0s\", so maxTTL is being used",
                    CERTIFICATE),
            write(
                    "certificate for nobody",
                    SecretsEngines.CERTIFICATE,
                    "<reader>",
                    "{}",
                    "400",
                    "error: the common_name field is required, or must be provided in a CSR with \"use_csr_common_name\" set to true, unless \"require_cn\" is set to false"),
            write(
                    "certificate for another",
                    SecretsEngines.CERTIFICATE,
                    "<reader>",
                    "{'common_name': 'a.example.com'}",
                    "400",
                    "error: common name a.example.com not allowed by this role"),
            write(
                    "certificate of an unknown role",
                    "pki/issue/nobody",
                    "<reader>",
                    "{'common_name': 'a.contract.test'}",
                    "400",
                    "error: unknown role: nobody"),
            write(
                    "certificate, forbidden",
                    SecretsEngines.CERTIFICATE,
                    "<other>",
                    "{'common_name': 'a.contract.test'}",
                    "403",
                    DENIED),
            read("certificate by reading", SecretsEngines.CERTIFICATE, "<reader>", "403", DENIED),
            read(
                    "certificate by reading, allowed",
                    SecretsEngines.CERTIFICATE,
                    "<root>",
                    "405",
                    "error: 1 error occurred: * unsupported operation"),
            // cubbyholes
            read("cubbyhole", "cubbyhole/note", "<holder>", "200", "mount_type: cubbyhole", "data: {'text':'hello'}"),
            read("cubbyhole of another", "cubbyhole/note", "<other>", "404"),
            read("cubbyhole, missing", "cubbyhole/nothing", "<holder>", "404"),
            write("cubbyhole, written", "cubbyhole/new", "<holder>", "{'a': 'b'}", "204"),
            write(
                    "cubbyhole, empty",
                    "cubbyhole/new",
                    "<holder>",
                    "{}",
                    "500",
                    "error: 1 error occurred: * missing data fields"),
            new Ask("cubbyhole, deleted", "DELETE", "cubbyhole/nothing", "<holder>", null, "204"),
            read("cubbyhole, forbidden", "cubbyhole/note", "<plain>", "403", DENIED),
            // KV
            read(
                    "version",
                    Bench.SECRET,
                    "<reader>",
                    "200",
                    "mount_type: kv",
                    "data: {'data':{'password':'*','username':'orders'},'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'','destroyed':false,'version':1}}"),
            read(
                    "no version",
                    Bench.OLD_SECRET,
                    "<reader>",
                    "200",
                    "lease: none 2764800",
                    "mount_type: kv",
                    "data: {'password':'*','username':'orders'}"),
            read(
                    "deleted",
                    Bench.DELETED,
                    "<reader>",
                    "404",
                    "data: {'data':null,'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'*','destroyed':false,'version':1}}"),
            read(
                    "deleted, by version",
                    Bench.DELETED + "?version=1",
                    "<reader>",
                    "404",
                    "data: {'data':null,'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'*','destroyed':false,'version':1}}"),
            read(
                    "destroyed",
                    SecretsEngines.DESTROYED,
                    "<reader>",
                    "404",
                    "data: {'data':null,'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'','destroyed':true,'version':1}}"),
            read(
                    "destroyed, by version",
                    SecretsEngines.DESTROYED + "?version=1",
                    "<reader>",
                    "404",
                    "data: {'data':null,'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'','destroyed':true,'version':1}}"),
            read("missing version", SecretsEngines.DESTROYED + "?version=2", "<reader>", "404"),
            read(
                    "latest version",
                    Bench.SECRET + "?version=0",
                    "<reader>",
                    "200",
                    "mount_type: kv",
                    "data: {'data':{'password':'*','username':'orders'},'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'','destroyed':false,'version':1}}"),
            read("missing", Bench.MISSING, "<reader>", "404"),
            read("missing, no version", "legacy/orders/missing", "<reader>", "404"),
            read("without data/", Bench.WITHOUT_DATA, "<reader>", "404", WITHOUT_DATA),
            read("without data/, forbidden", Bench.WITHOUT_DATA, "<wrapper>", "403", DENIED),
            read("twice data/", "apps/data/data/orders/db", "<root>", "404"),
            read("data/ without version", "legacy/data/orders/db", "<root>", "404"),
            read("mount alone", "apps", "<root>", "404", WITHOUT_DATA),
            read("data/ alone", "apps/data/", "<root>", "404", WITHOUT_DATA),
            read(
                    "data alone",
                    "apps/data",
                    "<root>",
                    "404",
                    "warning: Non-listing operations on the root of a K/V v2 mount are not supported."),
            read(
                    "list of data/",
                    "apps/data/orders?list=true",
                    "<root>",
                    "404",
                    WITHOUT_DATA.replace("'vault kv get'", "'vault kv list'")),
            read("trailing slash", Bench.SECRET + "/", "<reader>", "404", WITHOUT_DATA),
            // which engine is where
            read(
                    "preflight, versioned",
                    "sys/internal/ui/mounts/" + Bench.SECRET,
                    "<reader>",
                    "200",
                    mount("apps", "kv", "{'version':'2'}")),
            read(
                    "preflight, unversioned",
                    "sys/internal/ui/mounts/" + Bench.OLD_SECRET,
                    "<reader>",
                    "200",
                    mount("legacy", "kv", "{'version':'1'}")),
            read(
                    "preflight, mount",
                    "sys/internal/ui/mounts/apps",
                    "<reader>",
                    "200",
                    mount("apps", "kv", "{'version':'2'}")),
            read(
                    "preflight, missing",
                    "sys/internal/ui/mounts/apps/data/orders/missing",
                    "<reader>",
                    "200",
                    mount("apps", "kv", "{'version':'2'}")),
            read(
                    "preflight, other path",
                    "sys/internal/ui/mounts/apps/data/billing/key",
                    "<reader>",
                    "200",
                    mount("apps", "kv", "{'version':'2'}")),
            read(
                    "preflight, database",
                    "sys/internal/ui/mounts/" + SecretsEngines.CREDENTIALS,
                    "<reader>",
                    "200",
                    mount("database", "database", "{}")),
            read(
                    "preflight, certificates",
                    "sys/internal/ui/mounts/" + SecretsEngines.CERTIFICATE,
                    "<reader>",
                    "200",
                    mount("pki", "pki", "{}")),
            read(
                    "preflight, cubbyhole",
                    "sys/internal/ui/mounts/cubbyhole/note",
                    "<holder>",
                    "200",
                    "data: {'accessor':'*','config':{'default_lease_ttl':2764800,'force_no_cache':false,'max_lease_ttl':2764800},'description':'per-token private secret storage','external_entropy_access':false,'local':true,'options':null,'path':'cubbyhole/','plugin_version':'','running_plugin_version':'*','running_sha256':'','seal_wrap':false,'type':'cubbyhole','uuid':'*'}"),
            read(
                    "preflight, no access",
                    "sys/internal/ui/mounts/" + SecretsEngines.CREDENTIALS,
                    "<other>",
                    "403",
                    "error: preflight capability check returned 403, please ensure client's policies grant access to path \"database/creds/orders/\""),
            read(
                    "preflight, nowhere",
                    "sys/internal/ui/mounts/nowhere/orders",
                    "<reader>",
                    "403",
                    "error: preflight capability check returned 403, please ensure client's policies grant access to path \"nowhere/orders/\""),
            read(
                    "preflight, without default policy",
                    "sys/internal/ui/mounts/" + Bench.SECRET,
                    "<plain>",
                    "200",
                    mount("apps", "kv", "{'version':'2'}")),
            read(
                    "preflight, nobody",
                    "sys/internal/ui/mounts/" + Bench.SECRET,
                    null,
                    "403",
                    "error: permission denied"),
            // wrapped answers
            write(
                    "unwrapped",
                    "sys/wrapping/unwrap",
                    "<wrapped>",
                    "{}",
                    "200",
                    "mount_type: kv",
                    "data: {'data':{'password':'*','username':'orders'},'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'','destroyed':false,'version':1}}"),
            write(
                    "unwrapped, deleted",
                    "sys/wrapping/unwrap",
                    "<wrapped deleted>",
                    "{}",
                    "404",
                    "data: {'data':null,'metadata':{'created_time':'*','custom_metadata':null,'deletion_time':'*','destroyed':false,'version':1}}"),
            write(
                    "unwrapped, without data/",
                    "sys/wrapping/unwrap",
                    "<wrapped without data>",
                    "{}",
                    "404",
                    WITHOUT_DATA),
            write(
                    "unwrapped credentials",
                    "sys/wrapping/unwrap",
                    "<wrapped credentials>",
                    "{}",
                    "200",
                    "lease: database/creds/orders/* 3600 renewable",
                    "mount_type: database",
                    "data: {'password':'*','username':'*'}"),
            read("unwrapped, but wrapping is a must", Bench.SECRET, "<wrapper>", "403", DENIED));

    /** Reads whose answers are asked to be wrapped: the seconds are the body. */
    static final List<Ask> WRAPPED = List.of(
            wrapped(
                    "wrapped",
                    Bench.SECRET,
                    "<reader>",
                    60,
                    "200",
                    "wrap_info: {'accessor':'*','creation_path':'apps/data/orders/db','creation_time':'*','token':'*','ttl':'*'}"),
            wrapped(
                    "wrapped credentials",
                    SecretsEngines.CREDENTIALS,
                    "<reader>",
                    60,
                    "200",
                    "wrap_info: {'accessor':'*','creation_path':'database/creds/orders','creation_time':'*','token':'*','ttl':'*'}"),
            wrapped(
                    "wrapped as demanded",
                    Bench.SECRET,
                    "<wrapper>",
                    60,
                    "200",
                    "wrap_info: {'accessor':'*','creation_path':'apps/data/orders/db','creation_time':'*','token':'*','ttl':'*'}"),
            wrapped("wrapped too long", Bench.SECRET, "<wrapper>", 101, "403", DENIED),
            wrapped("wrapped too short", Bench.SECRET, "<wrapper>", 5, "403", DENIED),
            wrapped("missing, wrapped", Bench.MISSING, "<reader>", 60, "404"),
            wrapped(
                    "deleted, wrapped",
                    Bench.DELETED,
                    "<reader>",
                    60,
                    "200",
                    "wrap_info: {'accessor':'*','creation_path':'apps/data/orders/deleted','creation_time':'*','token':'*','ttl':'*'}"),
            wrapped(
                    "without data/, wrapped",
                    Bench.WITHOUT_DATA,
                    "<reader>",
                    60,
                    "200",
                    "wrap_info: {'accessor':'*','creation_path':'apps/orders/db','creation_time':'*','token':'*','ttl':'*'}"),
            wrapped("forbidden, wrapped", Bench.FORBIDDEN, "<reader>", 60, "403", DENIED));

    private static Ask read(String name, String path, @Nullable String token, String... answer) {
        return new Ask(name, "GET", path, token, null, answer);
    }

    private static Ask write(String name, String path, String token, String body, String... answer) {
        return new Ask(name, "PUT", path, token, body, answer);
    }

    private static Ask wrapped(String name, String path, String token, int seconds, String... answer) {
        return new Ask(name, "GET", path, token, Integer.toString(seconds), answer);
    }
}
