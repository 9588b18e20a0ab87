package io.github.vaultlambda.testkit.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** Lists keys as folders do. */
final class KeyTree {
    private KeyTree() {}

    /** The names directly below {@code folder}; those of folders end in a slash. */
    static List<String> children(SortedMap<String, ?> keys, String folder) {
        String prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String key : keys.tailMap(prefix).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            String rest = key.substring(prefix.length());
            int slash = rest.indexOf('/');
            names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
        }
        return new ArrayList<>(names);
    }

    /** An answer with the keys, or the absence that Vault reports for an empty folder. */
    static VaultAnswer answer(List<String> keys) throws VaultFailure {
        if (keys.isEmpty()) {
            throw VaultFailure.absent();
        }
        return VaultAnswer.data(Map.of("keys", keys));
    }
}
