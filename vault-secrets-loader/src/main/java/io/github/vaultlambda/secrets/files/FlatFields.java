package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.client.SecretValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a secret that is to be written a line for each. */
final class FlatFields {
    private FlatFields() {}

    /**
     * The texts of the fields by their names, in the order of these, without those that are null.
     *
     * @throws UnfitSecretException when it has no fields, or some that are objects or arrays
     */
    static Map<String, String> of(SecretValue secret) throws UnfitSecretException {
        if (secret.kind() != SecretValue.Kind.OBJECT) {
            throw new UnfitSecretException("it has no fields, and this format writes a line for each: choose another");
        }
        Map<String, String> texts = new TreeMap<>();
        List<String> nested = new ArrayList<>();
        for (Map.Entry<String, SecretValue> field : secret.fields().entrySet()) {
            switch (field.getValue().kind()) {
                case OBJECT, ARRAY -> nested.add(field.getKey());
                case NULL -> {}
                case STRING, NUMBER, BOOLEAN ->
                    texts.put(field.getKey(), field.getValue().reveal());
            }
        }
        if (!nested.isEmpty()) {
            throw new UnfitSecretException("the fields " + nested
                    + " are objects or arrays, and this format has texts alone: refer to one of them (#name), or choose a"
                    + " JSON format");
        }
        return texts;
    }
}
