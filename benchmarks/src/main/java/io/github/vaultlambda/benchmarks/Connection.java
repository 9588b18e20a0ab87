package io.github.vaultlambda.benchmarks;

/** How a measured program reaches Vault. */
enum Connection {
    PLAIN("http"),
    /** With a certificate whose authority is given as a PEM file in {@code VAULT_CACERT}. */
    TLS("https");

    private final String scheme;

    Connection(String scheme) {
        this.scheme = scheme;
    }

    String scheme() {
        return scheme;
    }
}
