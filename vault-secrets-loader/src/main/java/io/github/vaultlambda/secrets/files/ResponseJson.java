package io.github.vaultlambda.secrets.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer of Vault, or what is in it, as the JSON document that readers of secret files expect: a fixed set of top-level fields in a
 * fixed order, two spaces of indentation, object keys below in the order of their UTF-8 bytes, number text kept, no newline at
 * the end. The bytes are those of HashiCorp's extension, so that a reader of either finds the same file.
 *
 * <p>For one document on one thread.
 */
final class ResponseJson {
    private static final Set<String> KNOWN_FIELDS = Set.of(
            "request_id",
            "lease_id",
            "lease_duration",
            "renewable",
            "data",
            "warnings",
            "auth",
            "wrap_info",
            "mount_type");
    private static final Comparator<String> BYTE_ORDER = new ByteOrder();
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder(512);
    private int depth;

    private ResponseJson() {}

    /** The document for this answer, which is a JSON object. */
    static byte[] bytes(SecretValue answer) {
        ResponseJson json = new ResponseJson();
        json.answer(answer);
        return json.text.toString().getBytes(UTF_8);
    }

    /** The document for a value alone, in the same writing. */
    static byte[] bytesOfData(SecretValue data) {
        ResponseJson json = new ResponseJson();
        json.value(data);
        return json.text.toString().getBytes(UTF_8);
    }

    private void answer(SecretValue answer) {
        boolean known = false;
        for (String name : answer.fields().keySet()) {
            known |= KNOWN_FIELDS.contains(name);
        }
        // An endpoint outside of Vault's usual envelope: all of what it said is the data.
        SecretValue envelope = known ? answer : SecretValue.of(Map.of("data", answer));
        open('{');
        string("request_id", envelope, true);
        string("lease_id", envelope, false);
        number("lease_duration", envelope, false);
        bool("renewable", envelope, false);
        any("data", envelope, false);
        any("warnings", envelope, false);
        SecretValue auth = envelope.field("auth");
        if (auth != null) {
            name("auth", false);
            auth(auth);
        }
        SecretValue wrapping = envelope.field("wrap_info");
        if (wrapping != null) {
            name("wrap_info", false);
            wrapping(wrapping);
        }
        String mountType = envelope.text("mount_type");
        if (mountType != null && !mountType.isEmpty()) {
            string("mount_type", envelope, false);
        }
        close('}');
    }

    private void auth(SecretValue auth) {
        open('{');
        string("client_token", auth, true);
        string("accessor", auth, false);
        any("policies", auth, false);
        any("token_policies", auth, false);
        any("identity_policies", auth, false);
        any("metadata", auth, false);
        bool("orphan", auth, false);
        string("entity_id", auth, false);
        number("lease_duration", auth, false);
        bool("renewable", auth, false);
        any("mfa_requirement", auth, false);
        close('}');
    }

    private void wrapping(SecretValue wrapping) {
        open('{');
        string("token", wrapping, true);
        string("accessor", wrapping, false);
        number("ttl", wrapping, false);
        string("creation_time", wrapping, false);
        string("creation_path", wrapping, false);
        string("wrapped_accessor", wrapping, false);
        close('}');
    }

    private void string(String name, SecretValue object, boolean first) {
        name(name, first);
        String value = object.text(name);
        quoted(value == null ? "" : value);
    }

    private void number(String name, SecretValue object, boolean first) {
        name(name, first);
        SecretValue value = object.field(name);
        text.append(value != null && value.kind() == SecretValue.Kind.NUMBER ? value.reveal() : "0");
    }

    private void bool(String name, SecretValue object, boolean first) {
        name(name, first);
        text.append(object.isTrue(name));
    }

    private void any(String name, SecretValue object, boolean first) {
        name(name, first);
        value(object.field(name));
    }

    private void value(@Nullable SecretValue value) {
        if (value == null) {
            text.append("null");
            return;
        }
        switch (value.kind()) {
            case OBJECT -> object(value);
            case ARRAY -> array(value);
            case STRING -> quoted(value.reveal());
            case NUMBER, BOOLEAN -> text.append(value.reveal());
            case NULL -> text.append("null");
        }
    }

    private void object(SecretValue object) {
        Map<String, SecretValue> fields = object.fields();
        if (fields.isEmpty()) {
            text.append("{}");
            return;
        }
        List<String> names = new ArrayList<>(fields.keySet());
        names.sort(BYTE_ORDER);
        open('{');
        boolean first = true;
        for (String name : names) {
            name(name, first);
            value(fields.get(name));
            first = false;
        }
        close('}');
    }

    private void array(SecretValue array) {
        List<SecretValue> elements = array.elements();
        if (elements.isEmpty()) {
            text.append("[]");
            return;
        }
        open('[');
        boolean first = true;
        for (SecretValue element : elements) {
            next(first);
            value(element);
            first = false;
        }
        close(']');
    }

    private void open(char bracket) {
        text.append(bracket);
        depth++;
    }

    private void close(char bracket) {
        depth--;
        newLine();
        text.append(bracket);
    }

    private void name(String name, boolean first) {
        next(first);
        quoted(name);
        text.append(": ");
    }

    private void next(boolean first) {
        if (!first) {
            text.append(',');
        }
        newLine();
    }

    private void newLine() {
        text.append('\n');
        for (int i = 0; i < depth; i++) {
            text.append("  ");
        }
    }

    private void quoted(String value) {
        text.append('"');
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> escaped(c);
                default -> {
                    if (c < ' ') {
                        escaped(c);
                    } else if (isLoneSurrogate(value, at)) {
                        text.append('\ufffd'); // no UTF-8 for it
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private void escaped(char c) {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.append(HEX.charAt((c >> shift) & 0xf));
        }
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }

    /**
     * The order of the UTF-8 bytes is that of the code points, which {@link String#compareTo} does not follow. A class and not a
     * lambda, which costs more at its first use.
     */
    private static final class ByteOrder implements Comparator<String> {
        @Override
        public int compare(String one, String other) {
            int at = 0;
            while (at < one.length() && at < other.length()) {
                int a = one.codePointAt(at);
                int b = other.codePointAt(at);
                if (a != b) {
                    return Integer.compare(a, b);
                }
                at += Character.charCount(a);
            }
            return Integer.compare(one.length(), other.length());
        }
    }
}
