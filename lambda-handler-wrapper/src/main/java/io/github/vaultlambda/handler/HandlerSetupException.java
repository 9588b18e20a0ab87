package io.github.vaultlambda.handler;

/**
 * A handler cannot be made as it is set up; the message says in one line what to change. Thrown while the function is initialised.
 * There is no stack trace: nothing on it helps, and in Lambda's log the message shall be the line that is seen.
 */
public final class HandlerSetupException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** An exception that says this; line breaks become spaces. */
    public HandlerSetupException(String message) {
        super(message.replace('\n', ' ').replace('\r', ' '));
    }

    /** Does nothing: see above. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
