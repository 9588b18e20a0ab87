package io.github.vaultlambda.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a field of a handler that gets a secret from Vault before each invocation. The field is an instance field and not
 * final. Its type is anything that {@link io.github.vaultlambda.secrets.VaultSecrets#secret(String, Class)} binds, or
 * {@link io.github.vaultlambda.secrets.Secret} of such a type: that one is set once and read when the handler asks it.
 *
 * <pre>{@code
 * @VaultSecret("secret/data/orders/db#password")
 * private String password;
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface VaultSecret {
    /** The reference, such as {@code secret/data/orders/db#password}. */
    String value();
}
