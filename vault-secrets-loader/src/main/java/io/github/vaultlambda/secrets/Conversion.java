package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import org.jspecify.annotations.Nullable;

/** Makes values of one type. Thread-safe. */
interface Conversion {
    /** The value in that type; JSON's null fits none but {@link java.util.Optional}. */
    Object from(SecretValue value) throws Misfit;

    /** What stands for a field that is not there; null when one must be there. */
    default @Nullable Object absent() throws Misfit {
        return null;
    }
}
