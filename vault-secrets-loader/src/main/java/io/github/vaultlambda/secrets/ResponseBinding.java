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

    @Override
    public boolean freshEachTime() {
        return false;
    }
}
