package io.github.vaultlambda.testkit.vault;

/** A secret that Vault takes back when its lease ends. Called with Vault's lock held. */
interface LeasedSecret {
    /** The TTL and its limit in seconds, asked anew at each renewal; fails when it cannot be renewed any more. */
    TokenEntry.Lifetime lifetime() throws VaultFailure;

    boolean renewable();

    /** Takes the secret back. */
    void end();
}
