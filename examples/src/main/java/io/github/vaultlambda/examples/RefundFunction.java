package io.github.vaultlambda.examples;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.handler.VaultRequestHandler;
import io.github.vaultlambda.secrets.Secret;
import java.util.Map;

/**
 * In-process, by base class, without any annotation: the secret is read while the function is initialised, or after the restore of
 * a snapshot. Handler setting: {@code io.github.vaultlambda.examples.RefundFunction}.
 */
public final class RefundFunction extends VaultRequestHandler<Map<String, String>, Map<String, String>> {
    private final Secret<DbLogin> login = secret("secret/data/orders/db", DbLogin.class);

    /** The login that lies at {@code secret/data/orders/db}. */
    record DbLogin(String user, String password) {}

    /** Made by Lambda. */
    public RefundFunction() {}

    @Override
    protected Map<String, String> handle(Map<String, String> order, Context context) {
        DbLogin current = login.get();
        return Map.of("user", current.user(), "passwordFingerprint", Fingerprint.of(current.password()));
    }
}
