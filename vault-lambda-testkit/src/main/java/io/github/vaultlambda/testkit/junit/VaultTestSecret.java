package io.github.vaultlambda.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A secret of a {@link VaultTest}, with either {@link #fields} or {@link #json}. */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface VaultTestSecret {
    /** Its path in Vault's API, as a function names it, but without a field: {@code secret/data/orders/db}. */
    String path();

    /** Its fields as {@code name=value}, all of them texts; a value may contain {@code =} and may be empty. */
    String[] fields() default {};

    /** Its fields as a JSON object, for values that are no texts. */
    String json() default "";
}
