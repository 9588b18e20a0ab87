package io.github.vaultlambda.examples;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.handler.FailurePolicy;
import io.github.vaultlambda.handler.VaultFunction;
import io.github.vaultlambda.handler.VaultSecret;
import io.github.vaultlambda.secrets.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In-process, by annotation, as a record and with a method that Lambda finds by its name: the constructor gets a secret that is
 * asked when it is needed, the method a value of its own for each call. Handler setting: {@code
 * io.github.vaultlambda.examples.ShippingFunctionWithVault::ship}.
 *
 * @param login to the carrier's service
 */
@VaultFunction(onFailure = FailurePolicy.CONTINUE)
public record ShippingFunction(
        @VaultSecret(value = "secret/data/orders/db", ttl = "5m")
        Secret<Login> login) {
    /** What lies at {@code secret/data/orders/db}. */
    public record Login(String user, String password) {}

    /** Handles one event, a list of orders. */
    public Map<String, String> ship(
            List<String> orders,
            @VaultSecret("secret/data/orders/db#password") char[] password,
            @VaultSecret("secret/data/orders/db#discount") Optional<Integer> discount,
            Context context) {
        return Map.of(
                "orders", String.join(",", orders),
                "user", login.get().user(),
                "discount", String.valueOf(discount.orElse(0)),
                "passwordFingerprint", Fingerprint.of(String.valueOf(password)));
    }
}
