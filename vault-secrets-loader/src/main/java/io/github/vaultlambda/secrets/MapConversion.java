package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Unmodifiable maps from the names of fields to values of one type. */
final class MapConversion implements Conversion {
    private final Conversion content;

    MapConversion(Conversion content) {
        this.content = content;
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        if (value.kind() != SecretValue.Kind.OBJECT) {
            throw new Misfit("is no object with fields");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, SecretValue> field : value.fields().entrySet()) {
            try {
                map.put(field.getKey(), content.from(field.getValue()));
            } catch (Misfit e) {
                throw e.within(field.getKey());
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
