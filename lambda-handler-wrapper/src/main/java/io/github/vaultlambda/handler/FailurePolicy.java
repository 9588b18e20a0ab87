package io.github.vaultlambda.handler;

/** What becomes of an invocation when one of its handler's secrets cannot be had. */
public enum FailurePolicy {
    /** The invocation fails with the exception that says why, and the handler is not called. */
    FAIL,

    /**
     * The handler is called with what is there: the last value, however old; before the first, what the member was initialized
     * with. The trouble is logged once, not with each invocation.
     */
    CONTINUE
}
