package io.github.vaultlambda.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a member of a handler that gets a secret from Vault: a field, a parameter of the constructor, or a parameter of a method
 * that handles events.
 *
 * <pre>{@code
 * public class Orders implements RequestHandler<Order, String> {
 *     @VaultSecret("secret/data/orders/db#password")
 *     String password;
 *
 *     public String handleRequest(Order order, Context context) {
 *         return connect(password).save(order);
 *     }
 * }
 * }</pre>
 *
 * <p>The annotation processor {@code vault-handler-processor} writes a class next to the handler's, here {@code OrdersWithVault},
 * whose name is the function's handler setting. It makes the handler and gives it its secrets before each invocation, without
 * reflection. Subclasses of {@link VaultRequestHandler} and {@link VaultRequestStreamHandler}, and handlers given to
 * {@link VaultHandler}, get their fields filled as well.
 *
 * <p>The type is anything that {@link io.github.vaultlambda.secrets.VaultSecrets#secret(String,
 * io.github.vaultlambda.secrets.SecretType)} binds, or {@link io.github.vaultlambda.secrets.Secret} or
 * {@link java.util.function.Supplier} of such a type. These are read when the handler asks them, and current at each moment. All
 * others are values: those of one invocation are of one moment, and a change is seen by the invocation that begins after it. Fields
 * are neither private nor static nor final.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
public @interface VaultSecret {
    /**
     * The reference, such as {@code secret/data/orders/db#password}.
     *
     * @see io.github.vaultlambda.secrets.SecretReference
     */
    String value();

    /**
     * Whether an invocation fails when Vault has no such secret, or the secret no such field; default true. If not, the field then
     * keeps what the handler initialized it with, and a parameter is null. Of no meaning for an {@link java.util.Optional}, which
     * is empty then.
     */
    boolean required() default true;

    /**
     * How old the value may be before Vault is asked again, in Go's notation such as {@code 30s} or {@code 1h30m}; by default as
     * for all secrets ({@code VAULT_DEFAULT_CACHE_TTL}).
     *
     * @see io.github.vaultlambda.secrets.SecretOptions#ttl()
     */
    String ttl() default "";
}
