package io.github.vaultlambda.testkit.vault;

/** What is mounted at a path. Called with Vault's lock held. */
interface Backend {
    /** The type, as in {@code mount_type}. */
    String type();

    /** Answers a call; {@code rest} is the path below the mount. */
    VaultAnswer handle(VaultCall call, String rest) throws VaultFailure;

    /** Whether a write to {@code rest} would update; decides between the create and the update capability. */
    default boolean exists(String rest) {
        return true;
    }

    /** What a backend answers to an operation that the path does not have. */
    static VaultFailure unsupportedOperation() {
        return VaultFailure.wrapped(405, "unsupported operation");
    }

    /** What a backend answers on a path that it does not have. */
    static VaultFailure unsupportedPath() {
        return VaultFailure.wrapped(404, "unsupported path");
    }
}
