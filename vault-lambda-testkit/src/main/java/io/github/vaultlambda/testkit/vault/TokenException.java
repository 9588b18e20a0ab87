package io.github.vaultlambda.testkit.vault;

/** What is wrong with a JSON web token, in Vault's words. */
final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String fault;

    TokenException(String fault) {
        super(fault);
        this.fault = fault;
    }

    /** The fault as text; never null. */
    String fault() {
        return fault;
    }
}
