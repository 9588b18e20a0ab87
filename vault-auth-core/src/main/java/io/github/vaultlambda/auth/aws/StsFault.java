package io.github.vaultlambda.auth.aws;

import org.jspecify.annotations.Nullable;

/**
 * What STS said in an error answer, which Vault repeats inside its own error text. Only code and message are kept: for a bad
 * signature STS quotes the request that it expected, session token included.
 *
 * @param code AWS's error code, such as {@code SignatureDoesNotMatch}
 * @param message the first sentences of its message; may be empty
 */
record StsFault(String code, String message) {
    private static final int MAX_MESSAGE_CHARS = 300;

    /** Finds the fault in an XML answer or in a text around one; null when there is none. */
    static @Nullable StsFault in(String text) {
        String code = element(text, "Code");
        if (code == null) {
            return null;
        }
        int message = text.indexOf("<Message>");
        return new StsFault(code, message < 0 ? "" : harmless(text.substring(message + "<Message>".length())));
    }

    /** The text of an XML element, or null when it is not there as a whole. */
    static @Nullable String element(String text, String name) {
        int start = text.indexOf("<" + name + ">");
        int end = text.indexOf("</" + name + ">", Math.max(start, 0));
        return start < 0 || end < 0
                ? null
                : text.substring(start + name.length() + 2, end).strip();
    }

    /** Whether it passes: too many requests at once, or trouble inside of AWS. */
    boolean isPassing() {
        return switch (code) {
            case "Throttling",
                    "ThrottlingException",
                    "ThrottledException",
                    "RequestThrottled",
                    "RequestThrottledException",
                    "TooManyRequestsException",
                    "RequestLimitExceeded",
                    "IDPCommunicationError",
                    "InternalFailure",
                    "ServiceUnavailable" -> true;
            default -> false;
        };
    }

    private static String harmless(String message) {
        String text = message;
        for (String end : new String[] {"The Canonical String", "</Message>"}) {
            int at = text.indexOf(end);
            if (at >= 0) {
                text = text.substring(0, at);
            }
        }
        text = text.replaceAll("\\s+", " ").strip();
        return text.length() > MAX_MESSAGE_CHARS ? text.substring(0, MAX_MESSAGE_CHARS) + "..." : text;
    }

    @Override
    public String toString() {
        return message.isEmpty() ? code : code + ": " + message;
    }
}
