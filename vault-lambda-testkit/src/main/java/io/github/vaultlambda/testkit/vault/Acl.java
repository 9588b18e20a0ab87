package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token's policies allow together. The most specific path decides; there, a deny beats everything. */
final class Acl {
    private final boolean root;
    private final Map<String, Set<String>> rules = new HashMap<>();

    Acl(boolean root, List<Policy> policies) {
        this.root = root;
        for (Policy policy : policies) {
            for (Policy.Rule rule : policy.rules()) {
                rules.computeIfAbsent(rule.path(), key -> new HashSet<>()).addAll(rule.capabilities());
            }
        }
    }

    boolean allows(Operation operation, String path, boolean sudo) {
        if (root) {
            return true;
        }
        Set<String> capabilities = capabilities(operation, path);
        return capabilities != null
                && !capabilities.contains("deny")
                && capabilities.contains(operation.capability())
                && (!sudo || capabilities.contains("sudo"));
    }

    /** In the words of {@code sys/capabilities-self}: {@code root}, {@code deny}, or what is allowed, in order. */
    List<String> capabilities(String path) {
        if (root) {
            return List.of("root");
        }
        Set<String> capabilities = capabilities(Operation.READ, path);
        return capabilities == null || capabilities.isEmpty() || capabilities.contains("deny")
                ? List.of("deny")
                : capabilities.stream().sorted().toList();
    }

    /** Whether something below this mount may be touched. */
    boolean touches(String mount) {
        if (root) {
            return true;
        }
        for (Map.Entry<String, Set<String>> rule : rules.entrySet()) {
            boolean wild = wildAt(rule.getKey()) < rule.getKey().length();
            String fixed = rule.getKey().substring(0, wildAt(rule.getKey()));
            boolean meets = fixed.startsWith(mount) || (wild && mount.startsWith(fixed));
            if (meets && !rule.getValue().contains("deny") && !rule.getValue().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Set<String> capabilities(Operation operation, String path) {
        Set<String> exact = rules.get(path);
        if (exact != null && !wild(path)) {
            return exact;
        }
        boolean list = operation == Operation.LIST && path.endsWith("/");
        if (list) {
            String bare = path.substring(0, path.length() - 1);
            Set<String> exactBare = rules.get(bare);
            if (exactBare != null) {
                return exactBare;
            }
            Set<String> matched = best(bare);
            if (matched != null) {
                return matched;
            }
        }
        return best(path);
    }

    private @Nullable Set<String> best(String path) {
        List<String> matching = new ArrayList<>();
        for (String rule : rules.keySet()) {
            if (wild(rule) && matches(rule, path)) {
                matching.add(rule);
            }
        }
        if (matching.isEmpty()) {
            return null;
        }
        matching.sort(Acl::bySpecificity);
        return rules.get(matching.get(matching.size() - 1));
    }

    // The order of Vault's documentation: first wildcard later, no final star, fewer plus signs, longer, greater.
    private static int bySpecificity(String a, String b) {
        int order = Integer.compare(wildAt(a), wildAt(b));
        if (order == 0) {
            order = Boolean.compare(!a.endsWith("*"), !b.endsWith("*"));
        }
        if (order == 0) {
            order = Long.compare(plusSegments(b), plusSegments(a));
        }
        if (order == 0) {
            order = Integer.compare(a.length(), b.length());
        }
        return order != 0 ? order : a.compareTo(b);
    }

    private static boolean wild(String rule) {
        return wildAt(rule) < rule.length();
    }

    private static int wildAt(String rule) {
        int star = rule.endsWith("*") ? rule.length() - 1 : rule.length();
        int from = 0;
        for (String segment : rule.split("/", -1)) {
            if (segment.equals("+")) {
                return Math.min(star, from);
            }
            from += segment.length() + 1;
        }
        return star;
    }

    private static long plusSegments(String rule) {
        long count = 0;
        for (String segment : rule.split("/", -1)) {
            if (segment.equals("+")) {
                count++;
            }
        }
        return count;
    }

    private static boolean matches(String rule, String path) {
        boolean glob = rule.endsWith("*");
        String[] wanted = (glob ? rule.substring(0, rule.length() - 1) : rule).split("/", -1);
        String[] given = path.split("/", -1);
        if (given.length < wanted.length || (!glob && given.length != wanted.length)) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            boolean last = i == wanted.length - 1;
            boolean fits = wanted[i].equals("+")
                    || wanted[i].equals(given[i])
                    || (glob && last && given[i].startsWith(wanted[i]));
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
