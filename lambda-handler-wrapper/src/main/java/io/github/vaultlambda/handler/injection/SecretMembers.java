package io.github.vaultlambda.handler.injection;

import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.SecretType;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the secrets of a handler's members, in an order that those who ask for the values keep to. For one thread. */
public final class SecretMembers {
    private final VaultSecrets vault;
    private final List<Member> members = new ArrayList<>();
    private final List<Secret<?>> values = new ArrayList<>();

    SecretMembers(VaultSecrets vault) {
        this.vault = vault;
    }

    /**
     * A member.
     *
     * @param position of its value in the group; -1 when the member is the secret itself
     * @param unwrapped whether the value is an Optional, and the member what is in it
     * @param array whether each user of it needs one of its own
     */
    record Member(Secret<?> secret, int position, boolean unwrapped, boolean array) {}

    /**
     * The next member is a value.
     *
     * @param required whether it is an error that the secret is not there; of no meaning for an {@link Optional}
     * @param ttlMillis how long the value is fresh, in milliseconds; -1 for as long as others
     */
    public void value(String reference, SecretType<?> type, boolean required, long ttlMillis) {
        boolean optional = type.isOptional();
        Secret<?> secret = required || optional
                ? secret(reference, type, ttlMillis)
                : secret(reference, SecretType.of(Optional.class, type), ttlMillis);
        boolean array = type.equals(SecretType.of(byte[].class)) || type.equals(SecretType.of(char[].class));
        members.add(new Member(secret, values.size(), !required && !optional, array));
        values.add(secret);
    }

    /** The next member is a {@link Secret}, or a supplier of its value; {@code ttlMillis} as above. */
    public void handle(String reference, SecretType<?> type, long ttlMillis) {
        members.add(new Member(secret(reference, type, ttlMillis), -1, false, false));
    }

    private Secret<?> secret(String reference, SecretType<?> type, long ttlMillis) {
        SecretOptions options = vault.options();
        return vault.secret(
                SecretReference.parse(reference),
                type,
                ttlMillis < 0 ? options : options.withTtl(Duration.ofMillis(ttlMillis)));
    }

    int size() {
        return members.size();
    }

    Member[] members() {
        return members.toArray(new Member[0]);
    }

    /** The secrets of the members that are values. */
    List<Secret<?>> values() {
        return values;
    }
}
