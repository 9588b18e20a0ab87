package io.github.vaultlambda.secrets;

import org.jspecify.annotations.Nullable;

/**
 * Paths of KV v2: {@code secret/data/db} for what a user may call {@code secret/db}.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2">Vault: KV v2</a>
 */
final class KvPath {
    private static final String DATA = "data/";

    private KvPath() {}

    /** Whether there is a segment {@code data} between others. */
    static boolean hasData(String path) {
        return path.indexOf("/data/") > 0;
    }

    /**
     * The path of the secret in a KV v2 engine; paths of something else there ({@code metadata/}, {@code subkeys/}) stay.
     *
     * @param mount null when it is not known: then its first segment is taken for it
     */
    static String withData(String path, @Nullable Mount mount) {
        if (mount == null && hasData(path)) {
            return path;
        }
        int end = mount == null ? path.indexOf('/') + 1 : mount.path().length();
        boolean isComplete = end == 0
                || path.startsWith(DATA, end)
                || path.startsWith("metadata/", end)
                || path.startsWith("subkeys/", end);
        return isComplete ? path : path.substring(0, end) + DATA + path.substring(end);
    }

    /** Whether what this path answers may be a secret with its version. */
    static boolean mayBeVersioned(SecretReference.Source source, String path, @Nullable Mount mount) {
        if (source.kv() == 1 || source.isPost()) {
            return false;
        }
        if (mount == null) {
            return hasData(path);
        }
        return (mount.kv() == 2 || source.kv() == 2)
                && path.startsWith(DATA, mount.path().length());
    }

    /** Half a sentence that says what the path is, if the mount is its first segment. */
    static @Nullable String guess(String path) {
        int slash = path.indexOf('/');
        return slash < 0 || hasData(path)
                ? null
                : "if " + path.substring(0, slash + 1) + " is a KV v2 engine, the path is " + withData(path, null);
    }
}
