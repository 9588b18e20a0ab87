package io.github.vaultlambda.testkit.lambda;

/** An execution environment that did not come up, with Lambda's error type. */
public final class SandboxFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String errorType;

    SandboxFailure(String errorType, String message) {
        super(message);
        this.errorType = errorType;
    }

    public String errorType() {
        return errorType;
    }
}
