package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Unmodifiable lists with elements of one type. */
final class ListConversion implements Conversion {
    private final Conversion element;

    ListConversion(Conversion element) {
        this.element = element;
    }

    @Override
    public List<Object> from(SecretValue value) throws Misfit {
        if (value.kind() != SecretValue.Kind.ARRAY) {
            throw new Misfit("is no list");
        }
        List<Object> list = new ArrayList<>(value.elements().size());
        for (SecretValue one : value.elements()) {
            try {
                list.add(element.from(one));
            } catch (Misfit e) {
                throw e.within("[" + list.size() + "]");
            }
        }
        return Collections.unmodifiableList(list);
    }
}
