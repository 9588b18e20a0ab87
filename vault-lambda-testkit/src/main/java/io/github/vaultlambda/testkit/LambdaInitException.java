package io.github.vaultlambda.testkit;

/** An execution environment that did not come up. */
public final class LambdaInitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String errorType;

    LambdaInitException(String errorType, String message) {
        super(errorType + ": " + message);
        this.errorType = errorType;
    }

    /**
     * Lambda's error type: {@code Extension.Crash}, {@code Extension.LaunchError}, {@code Runtime.ExitError},
     * {@code Runtime.InvalidEntrypoint}, {@code Sandbox.Timeout}, or what was posted to {@code init/error}.
     */
    public String errorType() {
        return errorType;
    }
}
