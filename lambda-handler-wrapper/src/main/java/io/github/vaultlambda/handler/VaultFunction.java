package io.github.vaultlambda.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how a handler with {@link VaultSecret} members gets its secrets. What it does not say is as the variables of the process say
 * ({@link HandlerOptions#read}). A handler that only inherits such members needs it for its wrapper class to be generated.
 *
 * @see HandlerOptions
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface VaultFunction {
    /** What becomes of an invocation when a secret cannot be had: see {@link HandlerOptions#onFailure()}. */
    FailurePolicy onFailure() default FailurePolicy.FAIL;

    /** When a function with SnapStart logs in: see {@link HandlerOptions#restore()}. */
    RestorePolicy restore() default RestorePolicy.LAZY;

    /** Whether the secrets are read when the function is initialised: see {@link HandlerOptions#prefetch()}. */
    boolean prefetch() default true;

    /** How much of an invocation's time is kept back, in Go's notation: see {@link HandlerOptions#reserve()}. */
    String reserve() default "100ms";
}
