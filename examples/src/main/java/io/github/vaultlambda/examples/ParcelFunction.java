package io.github.vaultlambda.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * In-process, as a library, with a constructor for tests: {@code ParcelFunctionTest} shows what they look like. Signs parcels for
 * a carrier. Handler setting: {@code io.github.vaultlambda.examples.ParcelFunction}.
 */
public final class ParcelFunction implements RequestHandler<String, String> {
    /** What the carrier gave us, at {@code secret/data/shipping/carrier}. */
    record Account(String number, String key) {}

    private final Secret<Account> account;

    /** Made by Lambda. */
    public ParcelFunction() {
        this(VaultSecrets.fromEnvironment());
    }

    /** With secrets from anywhere. */
    ParcelFunction(VaultSecrets vault) {
        account = vault.secret("secret/data/shipping/carrier", Account.class);
    }

    @Override
    public String handleRequest(String parcel, @Nullable Context context) {
        Account current = account.get();
        return parcel + "/" + current.number() + "/" + signature(parcel, current.key());
    }

    private static String signature(String parcel, String key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(parcel.getBytes(UTF_8)), 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
