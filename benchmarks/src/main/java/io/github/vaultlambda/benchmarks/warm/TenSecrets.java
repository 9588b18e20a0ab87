package io.github.vaultlambda.benchmarks.warm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.benchmarks.vault.FakeVault;
import io.github.vaultlambda.handler.VaultSecret;
import org.jspecify.annotations.Nullable;

/** A handler with ten secrets, which does nothing itself. */
public final class TenSecrets implements RequestHandler<String, String> {
    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret0;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret1;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret2;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret3;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret4;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret5;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret6;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret7;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret8;

    @VaultSecret(FakeVault.PATH + "#password")
    @Nullable
    String secret9;

    @Override
    public String handleRequest(String event, Context context) {
        return secret9 == null ? event : secret9;
    }
}
