package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultResponse;

/** The raw response, as Vault gave it. */
final class ResponseBinding implements SecretBinding<VaultResponse> {
    @Override
    public VaultResponse bind(SecretReference reference, SecretAnswer answer) {
        if (reference.field() != null) {
            throw new SecretFormatException("is a field, and a raw response has none: leave the field out", reference);
        }
        return answer.response();
    }

    /** Nothing is made of it, and a lease that is renewed would not show in one that is kept. */
    @Override
    public boolean freshEachTime() {
        return true;
    }
}
