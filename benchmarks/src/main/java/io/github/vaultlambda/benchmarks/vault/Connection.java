package io.github.vaultlambda.benchmarks.vault;

/** How a measured program reaches Vault. */
public enum Connection {
    /** Without TLS. */
    PLAIN("http"),
    /** With a certificate whose authority is given as a PEM file in {@code VAULT_CACERT}. */
    TLS("https");

    private final String scheme;

    Connection(String scheme) {
        this.scheme = scheme;
    }

    /** Of Vault's address. */
    public String scheme() {
        return scheme;
    }
}
