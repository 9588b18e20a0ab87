package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The policies by name. */
final class PolicyStore {
    /** The policy of tokens that hold a wrapped answer; it is neither listed nor given to others. */
    static final String WRAPPING = "response-wrapping";

    private static final String DEFAULT = """
            path "auth/token/lookup-self" { capabilities = ["read"] }
            path "auth/token/renew-self" { capabilities = ["update"] }
            path "auth/token/revoke-self" { capabilities = ["update"] }
            path "sys/capabilities-self" { capabilities = ["update"] }
            path "sys/renew" { capabilities = ["update"] }
            path "sys/leases/renew" { capabilities = ["update"] }
            path "sys/leases/lookup" { capabilities = ["update"] }
            path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }
            path "sys/wrapping/wrap" { capabilities = ["update"] }
            path "sys/wrapping/lookup" { capabilities = ["update"] }
            path "sys/wrapping/unwrap" { capabilities = ["update"] }
            path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }
            """;

    private static final String WRAPPING_RULES = """
            path "cubbyhole/response" { capabilities = ["create", "read"] }
            path "sys/wrapping/unwrap" { capabilities = ["update"] }
            """;

    private final Policy wrapping;
    private final Map<String, Policy> policies = new TreeMap<>();

    PolicyStore() {
        try {
            put("default", DEFAULT);
            wrapping = PolicyParser.parse(WRAPPING, WRAPPING_RULES);
        } catch (VaultFailure e) {
            throw new IllegalStateException("the first policies are well-formed", e);
        }
    }

    void put(String name, String text) throws VaultFailure {
        String key = name.toLowerCase(Locale.ROOT);
        policies.put(key, PolicyParser.parse(key, text));
    }

    @Nullable
    Policy get(String name) {
        return policies.get(name.toLowerCase(Locale.ROOT));
    }

    void remove(String name) {
        policies.remove(name.toLowerCase(Locale.ROOT));
    }

    List<String> names() {
        List<String> names = new ArrayList<>(policies.keySet());
        names.add("root");
        return names;
    }

    Acl acl(TokenEntry token) {
        List<Policy> held = new ArrayList<>();
        for (String name : token.policies) {
            Policy policy = name.equals(WRAPPING) ? wrapping : policies.get(name);
            if (policy != null) {
                held.add(policy);
            }
        }
        return new Acl(token.root(), held);
    }
}
