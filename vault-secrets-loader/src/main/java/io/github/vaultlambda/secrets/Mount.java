package io.github.vaultlambda.secrets;

/** What is known of one mount of Vault. Immutable and thread-safe. */
final class Mount {
    private static final long FOR_EVER = Long.MAX_VALUE;

    private final String path;
    private final String type;
    private final int kv;
    private final long learntMillis;

    private Mount(String path, String type, int kv, long learntMillis) {
        this.path = path;
        this.type = type;
        this.kv = kv;
        this.learntMillis = learntMillis;
    }

    /** A KV engine that its user told of, which is not doubted. */
    static Mount told(String path, int kv) {
        return new Mount(path, "kv", kv, FOR_EVER);
    }

    /** What Vault said at that moment. */
    static Mount learnt(String path, String type, int kv, long nowMillis) {
        return new Mount(path, type, kv, nowMillis);
    }

    /** With a slash at its end, such as {@code secret/}. */
    String path() {
        return path;
    }

    /** The version of a KV engine, 1 or 2; 0 for every other engine. */
    int kv() {
        return kv;
    }

    /** Whether it is a PKI engine. */
    boolean isPki() {
        return type.equals("pki");
    }

    /** Whether Vault may have changed it since it was asked, more than that long ago. */
    boolean isOlderThan(long millis, long nowMillis) {
        return learntMillis != FOR_EVER && Math.abs(nowMillis - learntMillis) >= millis;
    }

    /** Such as {@code secret/ is a KV v2 engine}. */
    String description() {
        return path + " is a " + (kv == 0 ? type : "KV v" + kv) + " engine";
    }
}
