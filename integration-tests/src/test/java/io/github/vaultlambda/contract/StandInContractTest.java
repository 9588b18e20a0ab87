package io.github.vaultlambda.contract;

/** The contract suite on the testkit's stand-in, in this process. */
class StandInContractTest extends VaultContract {
    @Override
    VaultEngine newEngine() {
        return new StandInEngine();
    }
}
