package io.github.vaultlambda.secrets.files;

/** A secret cannot be put into words as its file wants it. The message is half a sentence, and quotes names alone. */
final class UnfitSecretException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitSecretException(String message) {
        super(onOneLine(message));
    }

    /** The names come from Vault, and a line of a log is to stay one. */
    private static String onOneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean breaks = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
            line.append(breaks ? '?' : c);
        }
        return line.toString();
    }
}
