package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Optional;

/** A value that need not be there. */
final class OptionalConversion implements Conversion {
    private final Conversion content;

    OptionalConversion(Conversion content) {
        this.content = content;
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        return value.isNull() ? Optional.empty() : Optional.of(content.from(value));
    }

    @Override
    public Object absent() {
        return Optional.empty();
    }
}
