package io.github.vaultlambda.benchmarks.programs;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.handler.VaultSecret;
import org.jspecify.annotations.Nullable;

/** An annotated function as a user writes it. */
public final class OneSecret implements RequestHandler<String, String> {
    @VaultSecret("secret/data/orders/db#password")
    @Nullable
    String password;

    @Override
    public String handleRequest(String event, Context context) {
        return String.valueOf(password);
    }
}
