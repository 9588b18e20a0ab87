package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.client.SecretValue;
import java.util.Map;

/** Writes a secret as lines that {@link java.util.Properties} reads, in any encoding that has ASCII in it. */
final class PropertiesText {
    private static final String HEX = "0123456789ABCDEF";

    private PropertiesText() {}

    /** The lines, each with its end. */
    static String of(SecretValue secret) throws UnfitSecretException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : FlatFields.of(secret).entrySet()) {
            escaped(text, field.getKey(), true);
            text.append('=');
            escaped(text, field.getValue(), false);
            text.append('\n');
        }
        return text.toString();
    }

    private static void escaped(StringBuilder text, String value, boolean name) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\f' -> text.append("\\f");
                case '\\', '=', ':', '#', '!' -> text.append('\\').append(c);
                case ' ' -> text.append(name || i == 0 ? "\\ " : " ");
                default -> {
                    if (c < ' ' || c > '~') {
                        text.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            text.append(HEX.charAt((c >> shift) & 0xf));
                        }
                    } else {
                        text.append(c);
                    }
                }
            }
        }
    }
}
