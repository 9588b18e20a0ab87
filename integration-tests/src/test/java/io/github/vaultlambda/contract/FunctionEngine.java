package io.github.vaultlambda.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Network;

/**
 * HashiCorp's Vault and LocalStack's STS, set up for one function with one secret: {@code secret/data/orders/db}, which has a
 * user and a password. For tests whose functions run in containers beside them. All that is secret stands in the ledger.
 */
public final class FunctionEngine implements AutoCloseable {
    /** How long the tokens live that the function gets by {@link #shortLivedVariables()}. */
    public static final Duration SHORT_TTL = Duration.ofSeconds(4);

    private static final String MOUNT = "aws";
    private static final String ROLE = "orders";
    private static final String SHORT_ROLE = "orders-short";
    private static final String SERVER_ID = "vault.functions.test";
    private static final String FUNCTION = "orders-function";
    private static final String RULES = "path \"secret/data/orders/*\" { capabilities = [\"read\"] }";

    private final RealEngine engine = new RealEngine();
    private final VaultAdmin admin;

    private FunctionEngine() {
        engine.start(TestCertificates.create());
        admin = new VaultAdmin(new RawVault(engine.address()), engine.rootToken());
        admin.mountKv("secret", 2);
        admin.policy(ROLE, RULES);
        admin.enableAws(MOUNT, engine.stsEndpointForVault(), SERVER_ID);
        String arn = engine.roleArn(FUNCTION);
        admin.awsRole(MOUNT, ROLE, arn, ROLE, Duration.ofHours(1));
        admin.awsRole(MOUNT, SHORT_ROLE, arn, ROLE, SHORT_TTL);
        rotate();
    }

    /** Starts it; the test is skipped, or fails, where containers or one of these images are not to be had. */
    public static FunctionEngine start(String... images) {
        DockerEngine.assume("functions in containers were not tested", List.of(images));
        return new FunctionEngine();
    }

    /** The network in which functions reach Vault. */
    public Network network() {
        return engine.network();
    }

    /** Vault's address in that network. */
    public String address() {
        return "http://" + RealEngine.HOST + ":8200";
    }

    /** The variables of a function that may log in. */
    public Map<String, String> variables() {
        return variables(FUNCTION, ROLE);
    }

    /** The same, but its tokens live for {@link #SHORT_TTL} only. */
    public Map<String, String> shortLivedVariables() {
        return variables(FUNCTION, SHORT_ROLE);
    }

    /** The variables of a function whose role Vault does not know. */
    public Map<String, String> strangersVariables() {
        return variables("billing-function", ROLE);
    }

    private Map<String, String> variables(String function, String vaultRole) {
        AwsIdentity identity = engine.sessionOf(function);
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_REGION", "us-east-1");
        variables.put("AWS_ACCESS_KEY_ID", identity.keyId());
        variables.put("AWS_SECRET_ACCESS_KEY", identity.secretKey());
        variables.put("AWS_SESSION_TOKEN", String.valueOf(identity.sessionToken()));
        variables.put("VAULT_ADDR", address());
        variables.put("VAULT_AUTH_PROVIDER", MOUNT);
        variables.put("VAULT_AUTH_ROLE", vaultRole);
        variables.put("VAULT_IAM_SERVER_ID", SERVER_ID);
        return variables;
    }

    /** Writes a new version of the secret; the answer is its password. */
    public String rotate() {
        String password = TestSecrets.mint("password-");
        admin.writeVersioned("secret", "orders/db", Map.of("user", "orders", "password", password));
        return password;
    }

    /** How many tokens of functions are alive. */
    public int functionTokens() {
        int alive = 0;
        JsonNode accessors = admin.list("auth/token/accessors").at("/data/keys");
        for (JsonNode accessor : accessors) {
            JsonNode token = admin.lookUp(accessor.asText());
            alive += token != null && token.path("path").asText().startsWith("auth/" + MOUNT + "/") ? 1 : 0;
        }
        return alive;
    }

    /** Seals Vault, and lets it answer nobody. */
    public void seal() {
        engine.seal();
    }

    /** Unseals it and waits until it answers. */
    public void unseal() {
        engine.unseal();
    }

    @Override
    public void close() {
        engine.close();
    }
}
