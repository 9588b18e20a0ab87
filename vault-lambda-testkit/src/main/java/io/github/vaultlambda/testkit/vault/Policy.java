package io.github.vaultlambda.testkit.vault;

import java.util.List;
import java.util.Set;

/** An ACL policy: its text and its rules. */
record Policy(String name, String text, List<Rule> rules) {
    /** A path, perhaps with {@code +} segments and a final star, and what may be done there. */
    record Rule(String path, Set<String> capabilities) {}
}
