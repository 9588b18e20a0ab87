package io.github.vaultlambda.testkit.sts;

/** An error answer of STS: HTTP status, AWS's code and its message. */
final class StsFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String text;

    StsFailure(int status, String code, String text) {
        super(code);
        this.status = status;
        this.code = code;
        this.text = text;
    }

    static StsFailure mismatch(String text) {
        return new StsFailure(403, "SignatureDoesNotMatch", text);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return text;
    }
}
