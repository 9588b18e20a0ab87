package io.github.vaultlambda.secrets.variables;

import io.github.vaultlambda.secrets.SecretReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A variable's value taken apart: texts, and references between them. Immutable.
 *
 * @param texts what stands before, between and behind the references: one more than these
 * @param references the references in their order
 */
record Template(List<String> texts, List<SecretReference> references) {
    private static final String WHOLE = "vault:";
    private static final String OPEN = "${vault:";
    private static final String ESCAPED = "$${vault:";

    /**
     * Takes a value apart.
     *
     * @return null when there is nothing in it that concerns us
     * @throws IllegalArgumentException when a reference is malformed; the message holds nothing of the value beyond that
     */
    static @Nullable Template of(String value) {
        if (value.startsWith(WHOLE)) {
            String reference = value.substring(WHOLE.length());
            return isPort(reference) ? null : new Template(List.of("", ""), List.of(SecretReference.parse(reference)));
        }
        if (value.indexOf(OPEN) < 0) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        List<SecretReference> references = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < value.length()) {
            if (value.startsWith(ESCAPED, at)) {
                text.append(OPEN);
                at += ESCAPED.length();
            } else if (value.startsWith(OPEN, at)) {
                int end = value.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException("there is no } that ends ${vault:");
                }
                references.add(SecretReference.parse(value.substring(at + OPEN.length(), end)));
                texts.add(text.toString());
                text.setLength(0);
                at = end + 1;
            } else {
                text.append(value.charAt(at++));
            }
        }
        texts.add(text.toString());
        return new Template(texts, references);
    }

    /** {@code vault:8200} is a host named vault and its port. */
    private static boolean isPort(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The value with these in the places of the references. */
    String filled(List<String> secrets) {
        StringBuilder text = new StringBuilder(texts.get(0));
        for (int i = 0; i < secrets.size(); i++) {
            text.append(secrets.get(i)).append(texts.get(i + 1));
        }
        return text.toString();
    }

    /** The references alone: a text between them may be a secret. */
    @Override
    public String toString() {
        return "Template" + references;
    }
}
