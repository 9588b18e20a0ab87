package io.github.vaultlambda.handler.injection;

/**
 * How a handler with annotated members is made. Its subclasses are generated.
 *
 * @param <H> the handler's class
 */
public abstract class HandlerRecipe<H> {
    /** For generated classes. */
    protected HandlerRecipe() {}

    /** The handler's class and those of its superclasses that have annotated fields, superclasses first. */
    protected SecretInjection[] injections() {
        return new SecretInjection[0];
    }

    /** Declares the secrets of the constructor's parameters. */
    protected void constructor(SecretMembers members) {}

    /**
     * Makes a handler, with the values of the constructor's parameters.
     *
     * @throws Throwable whatever the constructor throws
     */
    protected abstract H create(MemberValues values) throws Throwable;

    /** Declares the secrets of all parameters of methods. */
    protected void methods(SecretMembers members) {}

    /** Whether there can be other handlers than the first. */
    boolean canRepeat() {
        return true;
    }

    /** The one handler that there is. */
    static <H> HandlerRecipe<H> of(H handler) {
        return new OneHandler<>(handler);
    }
}
