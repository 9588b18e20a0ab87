package io.github.vaultlambda.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets a Vault up over its admin API, the same way for every engine. */
final class VaultAdmin {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RawVault vault;
    private final String rootToken;

    VaultAdmin(RawVault vault, String rootToken) {
        this.vault = vault;
        this.rootToken = rootToken;
    }

    /** Enables a secrets engine. */
    void mount(String mount, String type) {
        put("sys/mounts/" + mount, Map.of("type", type));
    }

    void mountKv(String mount, int version) {
        put("sys/mounts/" + mount, Map.of("type", "kv", "options", Map.of("version", Integer.toString(version))));
    }

    /** Writes a secret into a KV v2 engine. */
    void writeVersioned(String mount, String name, Map<String, String> fields) {
        fields.values().forEach(SecretsLedger::add);
        String path = mount + "/data/" + name;
        Instant end = Instant.now().plus(PATIENCE);
        RawVault.Answer answer = vault.put(path, rootToken, Map.of("data", fields));
        // a KV v2 engine that was just mounted still prepares its storage and says so with 400
        while (answer.status() == 400 && Instant.now().isBefore(end)) {
            pause();
            answer = vault.put(path, rootToken, Map.of("data", fields));
        }
        check("PUT " + path, answer);
    }

    /** Writes a secret into a KV v1 engine. */
    void writeUnversioned(String mount, String name, Map<String, String> fields) {
        fields.values().forEach(SecretsLedger::add);
        put(mount + "/" + name, fields);
    }

    void deleteLatestVersion(String mount, String name) {
        String path = mount + "/data/" + name;
        check("DELETE " + path, vault.send("DELETE", path, rootToken, null));
    }

    void policy(String name, String rules) {
        put("sys/policies/acl/" + name, Map.of("policy", rules));
    }

    /** Enables an auth method. */
    void enableAuth(String mount, String type) {
        put("sys/auth/" + mount, Map.of("type", type));
    }

    /** Writes to any path and gives back the whole answer. */
    JsonNode write(String path, Map<String, ?> body) {
        RawVault.Answer answer = vault.put(path, rootToken, body);
        check("PUT " + path, answer);
        return answer.body();
    }

    /** What any path holds. */
    JsonNode read(String path) {
        RawVault.Answer answer = vault.get(path, rootToken);
        check("GET " + path, answer);
        return answer.body();
    }

    /** What lies below any path. */
    JsonNode list(String path) {
        RawVault.Answer answer = vault.send("LIST", path, rootToken, null);
        check("LIST " + path, answer);
        return answer.body();
    }

    /** Writes to any path and gives back the token that wraps the answer. */
    String writeWrapped(String path, Map<String, ?> body) {
        RawVault.Answer answer = vault.putWrapped(path, rootToken, body, 300);
        check("PUT " + path, answer);
        return answer.body().at("/wrap_info/token").asText();
    }

    /** Reads any path and gives back the token that wraps the answer. */
    String readWrapped(String path) {
        RawVault.Answer answer = vault.getWrapped(path, rootToken, 300);
        check("GET " + path, answer);
        return answer.body().at("/wrap_info/token").asText();
    }

    /** What Vault knows of the token with this accessor, or null when there is none. */
    @Nullable
    JsonNode lookUp(String accessor) {
        RawVault.Answer answer = vault.put("auth/token/lookup-accessor", rootToken, Map.of("accessor", accessor));
        return answer.isSuccess() ? answer.body().path("data") : null;
    }

    /** Enables the AWS auth method at this path; it asks that STS and wants that server id. */
    void enableAws(String mount, String stsEndpoint, String serverId) {
        put("sys/auth/" + mount, Map.of("type", "aws"));
        put(
                "auth/" + mount + "/config/client",
                Map.of(
                        "sts_endpoint", stsEndpoint,
                        "sts_region", "us-east-1",
                        "iam_endpoint", stsEndpoint,
                        "iam_server_id_header_value", serverId));
    }

    /** A role of the AWS auth method, bound to one IAM role. */
    void awsRole(String mount, String role, String boundArn, String policy, Duration ttl) {
        awsRole(mount, role, boundArn, policy, Map.of("token_ttl", ttl.toSeconds()));
    }

    /** The same with any settings of its tokens. */
    void awsRole(String mount, String role, String boundArn, String policy, Map<String, ?> tokens) {
        Map<String, Object> settings = new LinkedHashMap<>(tokens);
        settings.put("auth_type", "iam");
        settings.put("bound_iam_principal_arn", boundArn);
        settings.put("resolve_aws_unique_ids", false);
        settings.put("token_policies", policy);
        put("auth/" + mount + "/role/" + role, settings);
    }

    /** A token with these policies, without the help of an auth method. */
    String createToken(String policy) {
        return createToken(policy, Map.of("ttl", "1h"));
    }

    /** The same with any settings of the token. */
    String createToken(String policy, Map<String, ?> settings) {
        return createToken(List.of(policy), settings);
    }

    /** The same with several policies. */
    String createToken(List<String> policies, Map<String, ?> settings) {
        Map<String, Object> body = new LinkedHashMap<>(settings);
        body.put("policies", policies);
        return write("auth/token/create", body).at("/auth/client_token").asText();
    }

    void revokeByAccessor(String accessor) {
        put("auth/token/revoke-accessor", Map.of("accessor", accessor));
    }

    private void put(String path, Map<String, ?> body) {
        check("PUT " + path, vault.put(path, rootToken, body));
    }

    private static void check(String what, RawVault.Answer answer) {
        if (!answer.isSuccess()) {
            throw new IllegalStateException(what + " answered " + answer.status() + " " + answer.errors());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
