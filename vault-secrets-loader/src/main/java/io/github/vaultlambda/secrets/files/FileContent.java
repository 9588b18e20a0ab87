package io.github.vaultlambda.secrets.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Puts a secret into the form of its file. */
final class FileContent {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private FileContent() {}

    /**
     * The bytes of the file.
     *
     * @param document Vault's answer for {@link FileFormat#RESPONSE}, else the secret or its field
     * @throws UnfitSecretException when it has no such form
     */
    static byte[] of(FileFormat format, SecretValue document) throws UnfitSecretException {
        if (format == FileFormat.RESPONSE) { // the usual one, without the class that the switch needs
            return ResponseJson.bytes(document);
        }
        return switch (format) {
            case RESPONSE -> throw new AssertionError();
            case DATA -> ResponseJson.bytesOfData(document);
            case DOTENV -> DotenvText.of(document).getBytes(UTF_8);
            case PROPERTIES -> PropertiesText.of(document).getBytes(UTF_8);
            case FIELD -> text(document).getBytes(UTF_8);
            case BYTES -> decoded(text(document));
        };
    }

    /** The bytes of a file whose secret is missing; null when there is to be no file. */
    static byte @Nullable [] ofNothing(FileFormat format) {
        return switch (format) {
            case RESPONSE, DATA -> NULL.clone();
            case DOTENV, PROPERTIES -> new byte[0];
            case FIELD, BYTES -> null;
        };
    }

    private static String text(SecretValue field) throws UnfitSecretException {
        return switch (field.kind()) {
            case STRING, NUMBER, BOOLEAN -> field.reveal();
            case OBJECT, ARRAY, NULL ->
                throw new UnfitSecretException("it is no text: refer to a field within it, or choose the format DATA");
        };
    }

    private static byte[] decoded(String base64) throws UnfitSecretException {
        StringBuilder text = new StringBuilder(base64.length());
        for (int i = 0; i < base64.length(); i++) {
            char c = base64.charAt(i);
            if (c != '\n' && c != '\r' && c != ' ' && c != '\t') { // many tools wrap it
                text.append(c);
            }
        }
        try {
            return Base64.getDecoder().decode(text.toString());
        } catch (IllegalArgumentException e) { // whose message quotes a character
            throw new UnfitSecretException("it is not base64");
        }
    }
}
