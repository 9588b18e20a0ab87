package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.extension.log.OneLine;
import org.jspecify.annotations.Nullable;

/** The proxy's own answer to a request that gets none from Vault. The text goes to the caller: no secret, no token. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String text;
    private final @Nullable String location;
    private final boolean unavailable;

    private Refusal(int status, String text, @Nullable String location, boolean unavailable) {
        super(text, null, false, false); // answers, not faults: no stack trace
        this.status = status;
        this.text = text;
        this.location = location;
        this.unavailable = unavailable;
    }

    /** A refusal with one line of text. */
    static Refusal of(int status, String text) {
        return new Refusal(status, OneLine.of(text), null, false);
    }

    /** One that says that Vault cannot be asked at present. */
    static Refusal unavailable(int status, String text) {
        return new Refusal(status, OneLine.of(text), null, true);
    }

    /** A redirect to another path on the proxy, with method and body kept. */
    static Refusal redirect(String location) {
        return new Refusal(307, "the path is " + location, location, false);
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** What is wrong, in one line. */
    String text() {
        return text;
    }

    /** Where the caller should ask instead, or null. */
    @Nullable
    String location() {
        return location;
    }

    /** Whether the same request may succeed when Vault is well again. */
    boolean isUnavailable() {
        return unavailable;
    }
}
