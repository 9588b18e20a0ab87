package io.github.vaultlambda.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.vaultlambda.testkit.TestSecrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests to the auth methods, to tokens and to wrapped answers, and what every engine answers to them. */
final class MethodAnswers {
    /** What differs from run to run; it is only said whether it is empty. */
    private static final Set<String> RANDOM = Set.of(
            "accessor",
            "account_id",
            "ca_chain",
            "certificate",
            "client_token",
            "created_time",
            "creation_time",
            "deletion_time",
            "entity_id",
            "expiration",
            "expire_time",
            "id",
            "issue_time",
            "issuing_ca",
            "jti",
            "last_renewal",
            "last_renewal_time",
            "last_vault_rotation",
            "password",
            "private_key",
            "running_plugin_version",
            "secret_id",
            "secret_id_accessor",
            "serial_number",
            "service_account_uid",
            "subject_key_id",
            "authority_key_id",
            "token",
            "ttl",
            "uuid",
            "wrapped_accessor");

    private static final Pattern CAP = Pattern.compile("max_ttl of \"[^\"]+\"");
    /** A second may pass between two requests. */
    private static final Set<String> NEARLY_A_MINUTE = Set.of("57", "58", "59", "60");

    private static final Pattern PLACE = Pattern.compile("<([a-z ]+)>");

    private MethodAnswers() {}

    /**
     * A request with names of secrets in angle brackets, and the answer expected, in the form of {@link #said}.
     *
     * @param token the token, or the name of one in angle brackets; null for none
     */
    record Ask(
            String name,
            String method,
            String path,
            @Nullable String token,
            @Nullable String body,
            List<String> answer) {
        Ask(String name, String method, String path, @Nullable String token, @Nullable String body, String... answer) {
            this(name, method, path, token, body, List.of(answer));
        }
    }

    /** The secrets that requests name; each is made when it is asked for, so that no request spoils another's. */
    static Map<String, Supplier<String>> secrets(Bench bench) {
        OtherMethods methods = bench.methods();
        VaultAdmin admin = bench.admin();
        Map<String, Supplier<String>> secrets = new LinkedHashMap<>();
        secrets.put("role id", methods::roleId);
        secrets.put("secret id", () -> methods.secretId(Map.of()));
        secrets.put("bogus", () -> SecretsLedger.add(TestSecrets.mint("bogus-")));
        secrets.put("password", methods::password);
        secrets.put("jwt", () -> methods.issuer().sign(OtherMethods.claims()));
        KubernetesCluster cluster = methods.cluster();
        if (cluster != null) {
            secrets.put("account", () -> cluster.tokenOf("orders", "shop"));
            secrets.put("other account", () -> cluster.tokenOf("billing", "shop"));
            secrets.put("gone account", () -> {
                String token = cluster.tokenOf("orders", "shop");
                cluster.forget(token);
                return token;
            });
        }
        secrets.put("wrapping", methods::wrappedSecretId);
        secrets.put("root", bench.engine()::rootToken);
        secrets.put("reader", () -> admin.createToken(Bench.POLICY));
        secrets.put("capped", () -> admin.createToken(Bench.POLICY, Map.of("ttl", "30s", "explicit_max_ttl", "60s")));
        secrets.put("fixed", () -> admin.createToken(Bench.POLICY, Map.of("ttl", "1h", "renewable", false)));
        secrets.put("batch", () -> admin.createToken(Bench.POLICY, Map.of("ttl", "1h", "type", "batch")));
        secrets.put("counted", () -> admin.createToken(Bench.POLICY, Map.of("ttl", "1h", "num_uses", 2)));
        secrets.put("periodic", () -> admin.createToken(Bench.POLICY, Map.of("period", "1h")));
        secrets.put("endless", () -> admin.createToken("root", Map.of()));
        secrets.put("plain", () -> admin.createToken(Bench.POLICY, Map.of("ttl", "1h", "no_default_policy", true)));
        return secrets;
    }

    static String resolved(String text, Map<String, Supplier<String>> secrets) {
        Matcher place = PLACE.matcher(text);
        return place.replaceAll(match -> Matcher.quoteReplacement(
                Objects.requireNonNull(secrets.get(match.group(1))).get()));
    }

    /** The status, then errors, then warnings, then {@code data}, {@code auth} and {@code wrap_info}, each as sorted JSON. */
    static List<String> said(RawVault.Answer answer) {
        List<String> said = new ArrayList<>();
        said.add(Integer.toString(answer.status()));
        for (String error : answer.errors()) {
            said.add("error: " + error);
        }
        for (String warning : answer.warnings()) {
            said.add("warning: " + CAP.matcher(warning).replaceAll("max_ttl of \"TIME\""));
        }
        for (String part : List.of("data", "auth", "wrap_info")) {
            JsonNode node = answer.body().path(part);
            if (!node.isMissingNode() && !node.isNull()) {
                said.add(part + ": " + text(masked(node)));
            }
        }
        return said;
    }

    private static Object masked(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        Map<String, Object> fields = new TreeMap<>();
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            boolean random = RANDOM.contains(field.getKey());
            boolean empty = value.isContainerNode()
                    ? value.isEmpty()
                    : value.isNull()
                            || value.asText().isEmpty()
                            || value.asText().equals("0");
            boolean capped = field.getKey().equals("lease_duration") && NEARLY_A_MINUTE.contains(value.asText());
            fields.put(field.getKey(), random && !empty ? "*" : capped ? "about 60" : masked(value));
        });
        return fields;
    }

    private static String text(Object node) {
        try {
            return RawVault.JSON
                    .writer()
                    .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(node)
                    .replace('"', '\'');
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static final List<Ask> TABLE = List.of(
            // AppRole
            login(
                    "AppRole",
                    "approle/login",
                    "{'role_id': '<role id>', 'secret_id': '<secret id>'}",
                    "200",
                    loggedIn("{'role_name':'orders'}")),
            login(
                    "AppRole without secret id",
                    "approle/login",
                    "{'role_id': '<role id>'}",
                    "400",
                    "error: missing secret_id"),
            login(
                    "AppRole with empty secret id",
                    "approle/login",
                    "{'role_id': '<role id>', 'secret_id': ''}",
                    "400",
                    "error: missing secret_id"),
            login(
                    "AppRole with wrong secret id",
                    "approle/login",
                    "{'role_id': '<role id>', 'secret_id': '<bogus>'}",
                    "400",
                    "error: invalid role or secret ID"),
            login(
                    "AppRole with wrong role id",
                    "approle/login",
                    "{'role_id': '<bogus>', 'secret_id': '<secret id>'}",
                    "400",
                    "error: invalid role or secret ID"),
            login(
                    "AppRole with nothing",
                    "approle/login",
                    "{}",
                    "500",
                    "error: failed to determine alias name from login request"),
            new Ask(
                    "AppRole read",
                    "GET",
                    "auth/approle/login",
                    null,
                    null,
                    "500",
                    "error: failed to determine alias name from login request"),
            new Ask(
                    "secret id",
                    "PUT",
                    OtherMethods.APPROLE,
                    "<root>",
                    "{}",
                    "200",
                    "data: {'secret_id':'*','secret_id_accessor':'*','secret_id_num_uses':0,'secret_id_ttl':0}"),
            new Ask(
                    "secret id by a reader",
                    "PUT",
                    OtherMethods.APPROLE,
                    "<reader>",
                    "{}",
                    "403",
                    "error: 1 error occurred: * permission denied"),
            new Ask(
                    "secret id of no role",
                    "PUT",
                    "auth/approle/role/nobody/secret-id",
                    "<root>",
                    "{}",
                    "404",
                    "error: role \"nobody\" does not exist"),
            new Ask("role id", "GET", "auth/approle/role/nobody/role-id", "<root>", null, "404"),
            // userpass
            login(
                    "userpass",
                    "userpass/login/ann",
                    "{'password': '<password>'}",
                    "200",
                    loggedIn("{'username':'ann'}")),
            login(
                    "userpass in capitals",
                    "userpass/login/ANN",
                    "{'password': '<password>'}",
                    "200",
                    loggedIn("{'username':'ann'}")),
            login(
                    "userpass with wrong password",
                    "userpass/login/ann",
                    "{'password': '<bogus>'}",
                    "400",
                    "error: invalid username or password"),
            login(
                    "userpass with unknown user",
                    "userpass/login/nobody",
                    "{'password': '<bogus>'}",
                    "400",
                    "error: invalid username or password"),
            login("userpass without password", "userpass/login/nobody", "{}", "400", "error: invalid credentials"),
            login(
                    "userpass without user",
                    "userpass/login",
                    "{'password': '<password>'}",
                    "403",
                    "error: permission denied"),
            new Ask(
                    "userpass read",
                    "GET",
                    "auth/userpass/login/ann",
                    null,
                    null,
                    "405",
                    "error: unsupported operation"),
            // JWT
            login("JWT", "jwt/login", "{'role': 'orders', 'jwt': '<jwt>'}", "200", loggedIn("{'role':'orders'}")),
            login("JWT without role", "jwt/login", "{'jwt': '<jwt>'}", "400", "error: missing role"),
            login(
                    "JWT with unknown role",
                    "jwt/login",
                    "{'role': 'nobody', 'jwt': '<jwt>'}",
                    "400",
                    "error: role \"nobody\" could not be found"),
            login("JWT without token", "jwt/login", "{'role': 'orders'}", "400", "error: missing token"),
            login(
                    "JWT that is a word",
                    "jwt/login",
                    "{'role': 'orders', 'jwt': 'word'}",
                    "400",
                    "error: error validating token: error verifying token signature: go-jose/go-jose: compact JWS format must have three parts"),
            login(
                    "JWT that is three words",
                    "jwt/login",
                    "{'role': 'orders', 'jwt': 'a.b.c'}",
                    "400",
                    "error: error validating token: error verifying token signature: illegal base64 data at input byte 0"),
            new Ask("JWT read", "GET", "auth/jwt/login", null, null, "405", "error: unsupported operation"),
            // TLS certificate, where there is no TLS
            login("certificate over plain HTTP", "cert/login", "{}", "400", "error: tls connection required"),
            // a method of another type
            login(
                    "login of another method",
                    "approle/login/ann",
                    "{'password': '<password>'}",
                    "403",
                    "error: permission denied"),
            // tokens
            new Ask(
                    "look up self",
                    "GET",
                    "auth/token/lookup-self",
                    "<reader>",
                    null,
                    "200",
                    lookedUp(0, "", "service")),
            new Ask(
                    "look up self, counted",
                    "GET",
                    "auth/token/lookup-self",
                    "<counted>",
                    null,
                    "200",
                    lookedUp(1, "", "service")),
            new Ask(
                    "look up self, periodic",
                    "GET",
                    "auth/token/lookup-self",
                    "<periodic>",
                    null,
                    "200",
                    lookedUp(0, "'period':3600,", "service")),
            new Ask(
                    "look up self, batch",
                    "GET",
                    "auth/token/lookup-self",
                    "<batch>",
                    null,
                    "200",
                    lookedUp(0, "", "batch")),
            new Ask(
                    "look up self, root",
                    "GET",
                    "auth/token/lookup-self",
                    "<root>",
                    null,
                    "200",
                    "data: {'accessor':'*','creation_time':'*','creation_ttl':0,'display_name':'root','entity_id':'','expire_time':null,'explicit_max_ttl':0,'id':'*','meta':null,'num_uses':0,'orphan':true,'path':'auth/token/root','policies':['root'],'ttl':0,'type':'service'}"),
            new Ask(
                    "look up self, another root",
                    "GET",
                    "auth/token/lookup-self",
                    "<endless>",
                    null,
                    "200",
                    "data: {'accessor':'*','creation_time':'*','creation_ttl':0,'display_name':'token','entity_id':'','expire_time':null,'explicit_max_ttl':0,'id':'*','issue_time':'*','meta':null,'num_uses':0,'orphan':false,'path':'auth/token/create','policies':['root'],'renewable':false,'ttl':0,'type':'service'}"),
            new Ask(
                    "look up self, without default policy",
                    "GET",
                    "auth/token/lookup-self",
                    "<plain>",
                    null,
                    "403",
                    "error: 1 error occurred: * permission denied"),
            new Ask("renew self", "PUT", "auth/token/renew-self", "<reader>", "{}", "200", renewed("3600", 0)),
            new Ask(
                    "renew self, more",
                    "PUT",
                    "auth/token/renew-self",
                    "<reader>",
                    "{'increment': '2h'}",
                    "200",
                    renewed("7200", 0)),
            new Ask(
                    "renew self, capped",
                    "PUT",
                    "auth/token/renew-self",
                    "<capped>",
                    "{'increment': 3600}",
                    "200",
                    "warning: TTL of \"1h\" exceeded the effective max_ttl of \"TIME\"; TTL value is capped accordingly",
                    renewed("'about 60'", 0)),
            new Ask(
                    "renew self, periodic",
                    "PUT",
                    "auth/token/renew-self",
                    "<periodic>",
                    "{'increment': 60}",
                    "200",
                    renewed("3600", 0)),
            new Ask(
                    "renew self, not renewable",
                    "PUT",
                    "auth/token/renew-self",
                    "<fixed>",
                    "{}",
                    "400",
                    "error: lease is not renewable"),
            new Ask(
                    "renew self, batch",
                    "PUT",
                    "auth/token/renew-self",
                    "<batch>",
                    "{}",
                    "400",
                    "error: batch tokens cannot be renewed"),
            new Ask(
                    "renew self, root",
                    "PUT",
                    "auth/token/renew-self",
                    "<root>",
                    "{}",
                    "400",
                    "error: invalid lease ID"),
            new Ask(
                    "renew self, another root",
                    "PUT",
                    "auth/token/renew-self",
                    "<endless>",
                    "{}",
                    "400",
                    "error: lease is not renewable"),
            new Ask(
                    "renew self, without default policy",
                    "PUT",
                    "auth/token/renew-self",
                    "<plain>",
                    "{}",
                    "403",
                    "error: 1 error occurred: * permission denied"),
            new Ask(
                    "renew self, counted",
                    "PUT",
                    "auth/token/renew-self",
                    "<counted>",
                    "{}",
                    "200",
                    renewed("3600", 2)),
            new Ask("revoke self", "PUT", "auth/token/revoke-self", "<reader>", "{}", "204"),
            new Ask(
                    "revoke self, batch",
                    "PUT",
                    "auth/token/revoke-self",
                    "<batch>",
                    "{}",
                    "400",
                    "error: batch tokens cannot be revoked"),
            new Ask(
                    "revoke self, bogus",
                    "PUT",
                    "auth/token/revoke-self",
                    "<bogus>",
                    "{}",
                    "403",
                    "error: 2 errors occurred: * permission denied * invalid token"),
            // wrapped answers
            new Ask(
                    "unwrap",
                    "PUT",
                    "sys/wrapping/unwrap",
                    "<wrapping>",
                    "{}",
                    "200",
                    "data: {'secret_id':'*','secret_id_accessor':'*','secret_id_num_uses':0,'secret_id_ttl':0}"),
            new Ask(
                    "unwrap by name",
                    "PUT",
                    "sys/wrapping/unwrap",
                    "<reader>",
                    "{'token': '<wrapping>'}",
                    "200",
                    "data: {'secret_id':'*','secret_id_accessor':'*','secret_id_num_uses':0,'secret_id_ttl':0}"),
            new Ask(
                    "unwrap nothing",
                    "PUT",
                    "sys/wrapping/unwrap",
                    "<bogus>",
                    "{}",
                    "400",
                    "error: wrapping token is not valid or does not exist"),
            new Ask(
                    "unwrap a token that wraps nothing",
                    "PUT",
                    "sys/wrapping/unwrap",
                    "<reader>",
                    "{}",
                    "400",
                    "error: wrapping token is not valid or does not exist"),
            new Ask(
                    "look up wrapped",
                    "PUT",
                    "sys/wrapping/lookup",
                    null,
                    "{'token': '<wrapping>'}",
                    "200",
                    "data: {'creation_path':'auth/approle/role/orders/secret-id','creation_time':'*','creation_ttl':300}"),
            new Ask(
                    "look up wrapped by itself",
                    "PUT",
                    "sys/wrapping/lookup",
                    "<wrapping>",
                    "{}",
                    "200",
                    "data: {'creation_path':'auth/approle/role/orders/secret-id','creation_time':'*','creation_ttl':300}"),
            new Ask(
                    "look up nothing wrapped",
                    "PUT",
                    "sys/wrapping/lookup",
                    null,
                    "{'token': '<bogus>'}",
                    "400",
                    "error: wrapping token is not valid or does not exist"),
            new Ask(
                    "look up unnamed wrapped",
                    "PUT",
                    "sys/wrapping/lookup",
                    null,
                    "{}",
                    "403",
                    "error: error validating wrapping token: token is empty"),
            new Ask(
                    "read with a wrapping token",
                    "GET",
                    Bench.SECRET,
                    "<wrapping>",
                    null,
                    "403",
                    "error: 1 error occurred: * permission denied"));

    /** Those of Kubernetes, for where there is a cluster. */
    static final List<Ask> KUBERNETES = List.of(
            login(
                    "Kubernetes",
                    "kubernetes/login",
                    "{'role': 'orders', 'jwt': '<account>'}",
                    "200",
                    loggedIn("{'role':'orders','service_account_name':'orders','service_account_namespace':'shop',"
                            + "'service_account_secret_name':'','service_account_uid':'*'}")),
            login(
                    "Kubernetes, unconfirmed",
                    "kubernetes/login",
                    "{'role': 'orders', 'jwt': '<gone account>'}",
                    "403",
                    "error: permission denied"),
            login(
                    "Kubernetes, other account",
                    "kubernetes/login",
                    "{'role': 'orders', 'jwt': '<other account>'}",
                    "403",
                    "error: service account name not authorized"),
            login(
                    "Kubernetes, other key",
                    "kubernetes/login",
                    "{'role': 'orders', 'jwt': '<jwt>'}",
                    "403",
                    "error: permission denied"),
            login(
                    "Kubernetes, unknown role",
                    "kubernetes/login",
                    "{'role': 'nobody', 'jwt': '<account>'}",
                    "400",
                    "error: invalid role name \"nobody\""),
            login("Kubernetes without role", "kubernetes/login", "{'jwt': '<account>'}", "400", "error: missing role"),
            login("Kubernetes without token", "kubernetes/login", "{'role': 'orders'}", "400", "error: missing jwt"),
            login(
                    "Kubernetes with a word",
                    "kubernetes/login",
                    "{'role': 'orders', 'jwt': 'word'}",
                    "403",
                    "error: permission denied"),
            new Ask(
                    "Kubernetes read",
                    "GET",
                    "auth/kubernetes/login",
                    null,
                    null,
                    "405",
                    "error: unsupported operation"));

    static String loggedIn(String metadata) {
        return issued("*", "3600", metadata, 0, true);
    }

    private static String renewed(String seconds, int uses) {
        return issued("", seconds, "null", uses, false);
    }

    private static String issued(String entity, String seconds, String metadata, int uses, boolean orphan) {
        return "auth: {'accessor':'*','client_token':'*','entity_id':'" + entity + "','lease_duration':" + seconds
                + ",'metadata':" + metadata + ",'mfa_requirement':null,'num_uses':" + uses + ",'orphan':" + orphan
                + ",'policies':['default','orders'],'renewable':true,'token_policies':['default','orders'],"
                + "'token_type':'service'}";
    }

    private static String lookedUp(int uses, String period, String type) {
        boolean batch = type.equals("batch");
        return "data: {'accessor':'" + (batch ? "" : "*") + "','creation_time':'*','creation_ttl':3600,"
                + "'display_name':'token','entity_id':'','expire_time':'*','explicit_max_ttl':0,'id':'*',"
                + "'issue_time':'*','meta':null,'num_uses':" + uses + ",'orphan':false,'path':'auth/token/create',"
                + period + "'policies':['default','orders'],'renewable':" + !batch + ",'ttl':'*','type':'" + type
                + "'}";
    }

    private static Ask login(String name, String path, String body, String... answer) {
        return new Ask(name, "PUT", "auth/" + path, null, body, answer);
    }
}
