package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Collections;
import java.util.LinkedHashSet;

/** Unmodifiable sets, in the order of the list in JSON. */
final class SetConversion implements Conversion {
    private final ListConversion list;

    SetConversion(Conversion element) {
        this.list = new ListConversion(element);
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        return Collections.unmodifiableSet(new LinkedHashSet<>(list.from(value)));
    }
}
