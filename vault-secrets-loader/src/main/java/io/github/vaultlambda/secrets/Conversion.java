package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;

/** Makes values of one type. Thread-safe. */
interface Conversion {
    /** The value in that type; JSON's null fits none but {@link java.util.Optional}. */
    Object from(SecretValue value) throws Misfit;
}
