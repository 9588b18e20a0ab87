package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.client.SecretValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a secret as assignments that a POSIX shell and dotenv libraries read. Between apostrophes everything stands for itself,
 * in the shell and in the libraries; but an apostrophe cannot stand there, and a backslash at the end would hide the closing one
 * from the libraries. Then quotation marks are taken, which need nothing escaped unless there is more to it.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02">POSIX: quoting</a>
 */
final class DotenvText {
    private DotenvText() {}

    /** The lines, each with its end. */
    static String of(SecretValue secret) throws UnfitSecretException {
        Map<String, String> fields = FlatFields.of(secret);
        List<String> faulty = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!isName(field.getKey()) || field.getValue().indexOf('\0') >= 0) {
                faulty.add(field.getKey());
            }
            text.append(field.getKey()).append('=');
            quoted(text, field.getValue());
            text.append('\n');
        }
        if (!faulty.isEmpty()) {
            throw new UnfitSecretException("the fields " + faulty
                    + " cannot be variables: a name has letters, digits and underscores and begins with no digit, and a value"
                    + " has no NUL");
        }
        return text.toString();
    }

    /** The fields that a shell reads as they are, but not each of the libraries. */
    static List<String> ambiguous(SecretValue secret) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, SecretValue> field : secret.fields().entrySet()) {
            if (field.getValue().kind() == SecretValue.Kind.STRING
                    && isAmbiguous(field.getValue().reveal())) {
                names.add(field.getKey());
            }
        }
        return names;
    }

    private static boolean isAmbiguous(String value) {
        return value.indexOf('\r') >= 0
                || value.endsWith("\\")
                || value.contains("\\\\")
                || value.contains("${")
                || (value.indexOf('\'') >= 0 && hasSpecial(value));
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static void quoted(StringBuilder text, String value) {
        if (value.indexOf('\'') < 0 && !value.endsWith("\\")) {
            text.append('\'').append(value).append('\'');
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isSpecial(c)) {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }

    private static boolean hasSpecial(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (isSpecial(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** What means something between quotation marks. */
    private static boolean isSpecial(char c) {
        return c == '\\' || c == '"' || c == '$' || c == '`';
    }
}
