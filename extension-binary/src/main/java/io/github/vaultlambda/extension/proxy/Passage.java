package io.github.vaultlambda.extension.proxy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The way back to who asked. For the thread of the call. */
interface Passage {
    /** Gives an answer that is all there. */
    void give(WholeAnswer answer) throws IOException;

    /**
     * Passes Vault's answer on as it comes, and closes it.
     *
     * @param copy takes the same content, or null
     * @throws IOException when either side breaks off
     */
    void pass(VaultAnswer answer, @Nullable ContentCopy copy) throws IOException;
}
