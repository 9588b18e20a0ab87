package io.github.vaultlambda.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sets a Vault up over its admin API, the same way for every engine. */
final class VaultAdmin {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RawVault vault;
    private final String rootToken;

    VaultAdmin(RawVault vault, String rootToken) {
        this.vault = vault;
        this.rootToken = rootToken;
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
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("auth_type", "iam");
        settings.put("bound_iam_principal_arn", boundArn);
        settings.put("resolve_aws_unique_ids", false);
        settings.put("token_policies", policy);
        settings.put("token_ttl", ttl.toSeconds());
        put("auth/" + mount + "/role/" + role, settings);
    }

    /** A token with these policies, without the help of an auth method. */
    String createToken(String policy) {
        RawVault.Answer answer =
                vault.put("auth/token/create", rootToken, Map.of("policies", new String[] {policy}, "ttl", "1h"));
        check("PUT auth/token/create", answer);
        return SecretsLedger.add(answer.body().at("/auth/client_token").asText());
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
