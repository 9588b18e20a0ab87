package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Set;

/** An ACL policy: its text and its rules. */
record Policy(String name, String text, List<Rule> rules) {
    /**
     * A path, perhaps with {@code +} segments and a final star, and what may be done there.
     *
     * @param minWrap the least {@code X-Vault-Wrap-TTL} in seconds; zero when the policy does not say
     * @param maxWrap the greatest; either of the two makes wrapping a must
     */
    record Rule(String path, Set<String> capabilities, long minWrap, long maxWrap) {}
}
