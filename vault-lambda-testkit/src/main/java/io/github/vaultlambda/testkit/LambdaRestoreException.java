package io.github.vaultlambda.testkit;

/** An execution environment that did not come back from its snapshot. */
public final class LambdaRestoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String errorType;

    LambdaRestoreException(String errorType, String message) {
        super(errorType + ": " + message);
        this.errorType = errorType;
    }

    /**
     * Lambda's error type: {@code Lambda.SnapStartTimeoutException}, {@code Runtime.ExitError}, {@code Extension.Crash}, or what
     * was posted to {@code restore/error}, such as {@code Runtime.AfterRestoreError}.
     */
    public String errorType() {
        return errorType;
    }
}
