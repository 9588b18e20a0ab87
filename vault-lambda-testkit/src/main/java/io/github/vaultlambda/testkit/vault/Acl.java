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
    /** What all rules for one path say together. Of two wrapping times the smaller one counts, for the least as well. */
    private static final class Grant {
        final Set<String> capabilities = new HashSet<>();
        long minWrap;
        long maxWrap;

        void add(Policy.Rule rule) {
            capabilities.addAll(rule.capabilities());
            minWrap = smaller(minWrap, rule.minWrap());
            maxWrap = smaller(maxWrap, rule.maxWrap());
        }

        private static long smaller(long one, long two) {
            return one == 0 || two == 0 ? Math.max(one, two) : Math.min(one, two);
        }

        boolean allowsWrapping(long seconds) {
            boolean tooLong = maxWrap > 0 && (seconds == 0 || seconds > maxWrap);
            boolean tooShort = minWrap > 0 && seconds < minWrap;
            return !tooLong && !tooShort;
        }
    }

    private final boolean root;
    private final Map<String, Grant> rules = new HashMap<>();

    Acl(boolean root, List<Policy> policies) {
        this.root = root;
        for (Policy policy : policies) {
            for (Policy.Rule rule : policy.rules()) {
                rules.computeIfAbsent(rule.path(), key -> new Grant()).add(rule);
            }
        }
    }

    /**
     * Whether this may be done.
     *
     * @param wrapSeconds how long the answer shall wait in a wrapping token; zero for no wrapping
     */
    boolean allows(Operation operation, String path, boolean sudo, long wrapSeconds) {
        if (root) {
            return true;
        }
        Grant grant = grant(operation, path);
        return grant != null
                && !grant.capabilities.contains("deny")
                && grant.capabilities.contains(operation.capability())
                && (!sudo || grant.capabilities.contains("sudo"))
                && grant.allowsWrapping(wrapSeconds);
    }

    /** In the words of {@code sys/capabilities-self}: {@code root}, {@code deny}, or what is allowed, in order. */
    List<String> capabilities(String path) {
        if (root) {
            return List.of("root");
        }
        Grant grant = grant(Operation.READ, path);
        return grant == null || grant.capabilities.isEmpty() || grant.capabilities.contains("deny")
                ? List.of("deny")
                : grant.capabilities.stream().sorted().toList();
    }

    /** Whether something below this mount may be touched. */
    boolean touches(String mount) {
        if (root) {
            return true;
        }
        for (Map.Entry<String, Grant> rule : rules.entrySet()) {
            boolean wild = wildAt(rule.getKey()) < rule.getKey().length();
            String fixed = rule.getKey().substring(0, wildAt(rule.getKey()));
            boolean meets = fixed.startsWith(mount) || (wild && mount.startsWith(fixed));
            if (meets
                    && !rule.getValue().capabilities.contains("deny")
                    && !rule.getValue().capabilities.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Grant grant(Operation operation, String path) {
        Grant exact = rules.get(path);
        if (exact != null && !wild(path)) {
            return exact;
        }
        boolean list = operation == Operation.LIST && path.endsWith("/");
        if (list) {
            String bare = path.substring(0, path.length() - 1);
            Grant exactBare = rules.get(bare);
            if (exactBare != null) {
                return exactBare;
            }
            Grant matched = best(bare);
            if (matched != null) {
                return matched;
            }
        }
        return best(path);
    }

    private @Nullable Grant best(String path) {
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
