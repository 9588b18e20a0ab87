package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.vault.HaState;
import io.github.vaultlambda.testkit.vault.Trace;
import io.github.vaultlambda.testkit.vault.VaultService;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Vault on 127.0.0.1, over plain HTTP or HTTPS, for tests: answers as Vault 1.21 (community) does, with the same status codes,
 * envelopes and error texts. It has tokens, ACL policies, KV version 1 and 2 ({@code secret/} is version 2 from the
 * start), cubbyholes, response wrapping, leases, the secrets engines of {@link #enableEngine}, and the auth methods of
 * {@link #enableAuth}, which verify for real: an AWS login is rebuilt and sent to the configured {@code sts_endpoint},
 * signatures are checked with the keys that were configured. Everything is kept in memory.
 *
 * <p>Set it up over HTTP with the {@link #rootToken()}, as a real Vault, or with the methods here, which do the same.
 * Thread-safe. {@link #close()} stops the server.
 */
public final class VaultStandIn implements AutoCloseable {
    private final List<VaultRequestLog> requests = new CopyOnWriteArrayList<>();
    private final String rootToken;
    private final VaultService service;
    private final LoopbackServer server;
    private final List<LoopbackServer> listeners = new CopyOnWriteArrayList<>();

    private VaultStandIn(Builder builder) {
        this.rootToken = builder.rootToken == null ? TestSecrets.mint("hvs.") : builder.rootToken;
        this.service = new VaultService(builder.clock, rootToken, this::record);
        this.server = LoopbackServer.start(
                "vault-stand-in", builder.port, builder.tls == null ? null : builder.tls.handshake(), service::handle);
    }

    /** A Vault with the system's clock, on a free port. */
    public static VaultStandIn start() {
        return builder().start();
    }

    /**
     * A Vault over HTTPS, with the system's clock, on a free port: its certificate is for the loopback names, and it asks
     * clients for one, as Vault does.
     */
    public static VaultStandIn startTls(TestCertificates authority) {
        return builder()
                .tls(ServerTls.with(authority.server()).askForClientCertificate())
                .start();
    }

    /** Settings for a Vault. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code http://127.0.0.1:port}, or {@code https}, for VAULT_ADDR. */
    public URI address() {
        return server.uri();
    }

    /**
     * Listens over HTTPS on one more free port, as a Vault with another {@code listener} in its settings; behind it is the
     * same Vault.
     *
     * @return {@code https://127.0.0.1:port}
     */
    public URI listen(ServerTls tls) {
        LoopbackServer listener = LoopbackServer.start("vault-stand-in", 0, tls.handshake(), service::handle);
        listeners.add(listener);
        return listener.uri();
    }

    /** A token that may do everything and does not end. */
    public String rootToken() {
        return rootToken;
    }

    /** The key that {@code sys/unseal} wants. */
    public String unsealKey() {
        return service.unsealKey();
    }

    /** {@link #enableAwsAuth(String, URI, String)} with that STS. */
    public void enableAwsAuth(String mount, StsEmulator sts, @Nullable String serverId) {
        enableAwsAuth(mount, sts.endpointForVault(), serverId);
    }

    /**
     * Enables an AWS auth method and configures its client.
     *
     * @param mount where, such as {@code aws} or {@code team/aws}
     * @param stsEndpoint where logins are verified
     * @param serverId what X-Vault-AWS-IAM-Server-ID must say; null for nothing
     * @throws IllegalStateException when something is mounted there
     */
    public void enableAwsAuth(String mount, URI stsEndpoint, @Nullable String serverId) {
        service.admin("POST", "sys/auth/" + mount, Map.of("type", "aws"));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("sts_endpoint", stsEndpoint.toString());
        config.put("iam_endpoint", stsEndpoint.toString());
        if (serverId != null) {
            config.put("iam_server_id_header_value", serverId);
        }
        service.admin("POST", "auth/" + mount + "/config/client", config);
    }

    /**
     * Enables an auth method: {@code approle}, {@code aws}, {@code cert}, {@code jwt}, {@code kubernetes} or
     * {@code userpass}.
     *
     * @param mount where, such as {@code approle} or {@code team/approle}
     * @throws IllegalStateException when something is mounted there, or the type is not known
     */
    public void enableAuth(String mount, String type) {
        service.admin("POST", "sys/auth/" + mount, Map.of("type", type));
    }

    /**
     * Writes to an API path with the root token, unseen by faults and records: everything that Vault's administrators
     * do over HTTP.
     *
     * @param path without {@code /v1/}, such as {@code auth/approle/role/orders/secret-id}
     * @return the answer's {@code data} (or its {@code auth}); null for none
     * @throws IllegalStateException with Vault's errors when it is refused
     */
    public @Nullable Map<String, @Nullable Object> write(String path, Map<String, ?> fields) {
        return service.admin("POST", path, fields);
    }

    /**
     * Reads an API path with the root token, as {@link #write}.
     *
     * @throws IllegalStateException with Vault's errors when it is refused; when there is nothing too
     */
    public @Nullable Map<String, @Nullable Object> read(String path) {
        return service.admin("GET", path, Map.of());
    }

    /** Creates or changes a role of an AWS auth method; throws {@link IllegalStateException} if Vault refuses it. */
    public void awsRole(String mount, AwsRole role) {
        service.admin("POST", "auth/" + mount + "/role/" + role.name(), role.fields());
    }

    /**
     * Makes an EC2 instance known that runs, as Vault would learn from EC2 at a login of type ec2.
     *
     * @param id such as {@code i-0123456789abcdef0}
     * @param ami the image that the role's {@code bound_ami_id} is compared with
     * @param account AWS account number
     * @param region such as {@code eu-central-1}
     */
    public void knowsInstance(String id, String ami, String account, String region) {
        service.instances().add(id, ami, account, region);
    }

    /** The instance does not run any more: its logins and renewals fail from now on. */
    public void stopsInstance(String id, String account, String region) {
        service.instances().stop(id, account, region);
    }

    /** Removes a role; logins to it fail from now on. */
    public void deleteAwsRole(String mount, String role) {
        service.admin("DELETE", "auth/" + mount + "/role/" + role, Map.of());
    }

    /** Writes an ACL policy in HCL; throws {@link IllegalStateException} if it cannot be read. */
    public void policy(String name, String hcl) {
        service.admin("POST", "sys/policies/acl/" + name, Map.of("policy", hcl));
    }

    /** Writes a policy that allows to read and list these API paths, such as {@code secret/data/orders/*}. */
    public void readable(String policyName, String... paths) {
        StringBuilder hcl = new StringBuilder();
        for (String path : paths) {
            hcl.append("path \"").append(path).append("\" { capabilities = [\"read\", \"list\"] }\n");
        }
        policy(policyName, hcl.toString());
    }

    /** Mounts a KV secrets engine of version 1 or 2; throws {@link IllegalStateException} when the path is taken. */
    public void enableKv(String mount, int version) {
        if (version != 1 && version != 2) {
            throw new IllegalArgumentException("KV has version 1 and 2, not " + version);
        }
        service.admin(
                "POST",
                "sys/mounts/" + mount,
                Map.of("type", "kv", "options", Map.of("version", Integer.toString(version))));
    }

    /**
     * Mounts a secrets engine, which is set up by {@link #write} as in Vault: {@code aws} (access keys that no AWS knows),
     * {@code database}, {@code kv} or {@code pki} (roots and certificates that are really signed).
     *
     * @param mount where, such as {@code pki} or {@code team/pki}
     * @throws IllegalStateException when something is mounted there, or the type is not known
     */
    public void enableEngine(String mount, String type) {
        service.admin("POST", "sys/mounts/" + mount, Map.of("type", type));
    }

    /**
     * Mounts a database engine with a connection {@code db} that any role may use. The database behind it knows users and
     * passwords alone; ask it by {@link #databaseUsers} and {@link #databaseAccepts}. Roles are written as in Vault:
     * {@code write("database/roles/orders", Map.of("db_name", "db", "default_ttl", "1m", "max_ttl", "1h"))}.
     *
     * @throws IllegalStateException when something is mounted there
     */
    public void enableDatabase(String mount) {
        enableEngine(mount, "database");
        write(mount + "/config/db", Map.of("plugin_name", "postgresql-database-plugin", "allowed_roles", "*"));
    }

    /**
     * The users of dynamic roles that the database of this mount has now: one for each living lease, oldest first.
     *
     * @throws IllegalStateException when no database engine is mounted there
     */
    public List<String> databaseUsers(String mount) {
        return service.databaseUsers(mount);
    }

    /**
     * Whether the database of this mount lets a user in: one of a living lease, or a static role's with the password that
     * was rotated last.
     *
     * @throws IllegalStateException when no database engine is mounted there
     */
    public boolean databaseAccepts(String mount, String username, String password) {
        return service.databaseAccepts(mount, username, password);
    }

    /** Rotates a static role's password now, as Vault does by itself after each {@code rotation_period}. */
    public void rotateStaticRole(String mount, String role) {
        write(mount + "/rotate-role/" + role, Map.of());
    }

    /** The ids of the living leases at this path and below, such as {@code database/creds}, in order; {@code ""} for all. */
    public List<String> leases(String path) {
        return service.leases(path);
    }

    /** Ends a lease from outside: its secret is taken back at once. Nothing happens when there is no such lease. */
    public void revokeLease(String leaseId) {
        service.revokeLease(leaseId);
    }

    /**
     * Writes a secret.
     *
     * @param path the API path: {@code secret/data/orders/db} for KV version 2, {@code kv/orders/db} for version 1
     * @param data names and values
     * @return the new version; 0 for KV version 1
     */
    public int putSecret(String path, Map<String, ?> data) {
        boolean versioned = path.matches(".*/data/.*");
        Map<String, @Nullable Object> answer =
                service.admin("POST", path, versioned ? Map.of("data", data) : Map.copyOf(data));
        Object version = answer == null ? null : answer.get("version");
        return version instanceof Number number ? number.intValue() : 0;
    }

    /** Deletes a secret, or the newest version of it, at an API path as in {@link #putSecret}. */
    public void deleteSecret(String path) {
        service.admin("DELETE", path, Map.of());
    }

    /** A new service token with these policies beside {@code default}; its text is a secret of the testkit. */
    public String createToken(Duration ttl, String... policies) {
        Map<String, @Nullable Object> auth = service.admin(
                "POST",
                "auth/token/create",
                Map.of(
                        "policies",
                        policies.length == 0 ? List.of("default") : List.of(policies),
                        "ttl",
                        ttl.toSeconds()));
        Object token = auth == null ? null : auth.get("client_token");
        return Objects.requireNonNull(token, "client_token").toString();
    }

    /** Seals: every request but those about health and sealing is answered with 503. Nothing is lost. */
    public void seal() {
        service.seal(true);
    }

    /** Opens again after {@link #seal()}. */
    public void unseal() {
        service.seal(false);
    }

    /** Revokes every token but the root token. */
    public void revokeAllTokens() {
        service.revokeAllTokens();
    }

    /** All requests so far, in the order of their answers; calls of the methods here are not among them. */
    public List<VaultRequestLog> requests() {
        return List.copyOf(requests);
    }

    /**
     * Closes the connections of this moment, as Vault and all that lies before it do with those of a process that was frozen or
     * has become a snapshot; new ones are served.
     */
    public void closeConnections() {
        server.closeConnections();
        listeners.forEach(LoopbackServer::closeConnections);
    }

    /** How many connections clients have opened so far at {@link #address()}. */
    public int connectionCount() {
        return server.connections();
    }

    /** How many requests went to a login path, whatever the answer. */
    public int loginCount() {
        int count = 0;
        for (VaultRequestLog request : requests) {
            count += request.login() ? 1 : 0;
        }
        return count;
    }

    /** Forgets the recorded requests. */
    public void clearRequests() {
        requests.clear();
    }

    /** {@link #failNext(int, int, Predicate)} for every path. */
    public void failNext(int count, int status) {
        failNext(count, status, path -> true);
    }

    /** The next {@code count} requests to such paths (without {@code /v1/}) are answered with {@code status}. */
    public void failNext(int count, int status, Predicate<String> path) {
        service.faults().fail(count, status, null, path);
    }

    /** As {@link #failNext(int, int, Predicate)}, with a Retry-After header in whole seconds. */
    public void failNext(int count, int status, Duration retryAfter, Predicate<String> path) {
        service.faults().fail(count, status, retryAfter, path);
    }

    /** {@link #dropNext(int, Predicate)} for every path. */
    public void dropNext(int count) {
        dropNext(count, path -> true);
    }

    /** The next {@code count} requests to such paths get no answer: the connection is closed. */
    public void dropNext(int count, Predicate<String> path) {
        service.faults().fail(count, 0, null, path);
    }

    /** {@link #delay(Duration, Predicate)} for every path. */
    public void delay(Duration time) {
        delay(time, path -> true);
    }

    /** All requests to such paths wait so long before they are looked at; a zero time ends all delays. */
    public void delay(Duration time, Predicate<String> path) {
        service.faults().delay(time, path);
    }

    /**
     * The next {@code count} requests to such paths are answered with this body instead of what Vault would say: text
     * that is no JSON, another program's page, or far too much.
     *
     * @param body any bytes; sent as {@code application/json}
     */
    public void answerNext(int count, int status, byte[] body, Predicate<String> path) {
        service.faults().answer(count, status, body, path);
    }

    /**
     * The next {@code count} requests to such paths are read and never answered: the connection stays open until
     * {@link #clearFaults()}, which closes it, or {@link #close()}.
     */
    public void hangNext(int count, Predicate<String> path) {
        service.faults().hang(count, path);
    }

    /**
     * Makes this Vault a standby of the one at {@code leader}: everything but sys/health (429), sys/leader and the seal's
     * paths is answered with 307 and the leader's address. The two share no data.
     */
    public void becomeStandby(URI leader) {
        service.ha().become(HaState.Role.STANDBY, Objects.requireNonNull(leader, "leader"));
    }

    /** A standby whose cluster has no leader just now: requests are answered with 503. */
    public void becomeStandbyWithoutLeader() {
        service.ha().become(HaState.Role.STANDBY, null);
    }

    /**
     * Makes this Vault a performance standby, as in Vault Enterprise: sys/health says 473, and requests are answered here.
     * Together with {@link #lagBehind(int)} reads may be too early.
     */
    public void becomePerformanceStandby(URI leader) {
        service.ha().become(HaState.Role.PERFORMANCE_STANDBY, Objects.requireNonNull(leader, "leader"));
    }

    /** The leader of a cluster: sys/leader says so with this Vault's own address. */
    public void becomeLeader() {
        service.ha().become(HaState.Role.ACTIVE, address());
    }

    /**
     * Answers as a node of Vault Enterprise whose data arrives late: logins and writes carry an {@code X-Vault-Index},
     * and a read that shows a newer index than what has arrived is answered with 412. Reads without an index, and those
     * that ask to be forwarded ({@code X-Vault-Inconsistent} or {@code X-Vault-Forward}), are answered as always.
     *
     * @param refusedReads how many reads after each write are refused; 0 for a node that is never late
     */
    public void lagBehind(int refusedReads) {
        if (refusedReads < 0) {
            throw new IllegalArgumentException("refusedReads " + refusedReads);
        }
        service.ha().indexed(refusedReads);
    }

    /** Everything that was written has arrived. */
    public void catchUp() {
        service.ha().catchUp();
    }

    /** Ends all injected failures and delays, and closes the connections of requests that hang. */
    public void clearFaults() {
        service.faults().clear();
    }

    @Override
    public void close() {
        listeners.forEach(LoopbackServer::close);
        server.close();
    }

    private void record(Trace trace) {
        requests.add(new VaultRequestLog(
                trace.method(),
                trace.path(),
                trace.query(),
                trace.status(),
                trace.namespace(),
                trace.accessor(),
                trace.userAgent(),
                trace.login()));
    }

    /** Settings for a Vault; not thread-safe. */
    public static final class Builder {
        private InstantSource clock = InstantSource.system();
        private int port;
        private @Nullable String rootToken;
        private @Nullable ServerTls tls;

        private Builder() {}

        /** Judges tokens and versions by this clock. */
        public Builder clock(InstantSource newClock) {
            this.clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** Listens on this port; 0, the default, takes a free one. */
        public Builder port(int newPort) {
            this.port = newPort;
            return this;
        }

        /** Uses this root token instead of a random one. */
        public Builder rootToken(String newRootToken) {
            this.rootToken = Objects.requireNonNull(newRootToken, "rootToken");
            return this;
        }

        /** Speaks HTTPS in this way; plain HTTP unless set. */
        public Builder tls(ServerTls newTls) {
            this.tls = Objects.requireNonNull(newTls, "tls");
            return this;
        }

        /** Starts the server. */
        public VaultStandIn start() {
            return new VaultStandIn(this);
        }
    }
}
