package io.github.vaultlambda.handler;

/**
 * When a function with SnapStart logs in to Vault.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">AWS: runtime hooks for SnapStart</a>
 */
public enum RestorePolicy {
    /** At the first use of a secret, in the first invocation that needs one. */
    LAZY,

    /**
     * As soon as the snapshot is restored, along with reading the handler's secrets, before the first invocation; Lambda lets a
     * restore take 10 s. A failure is logged, and the first invocation tries again.
     */
    LOGIN
}
