/** The contract suite: one suite, two engines. What the stand-in promises, the real Vault does, and the other way round. */
@NullMarked
package io.github.vaultlambda.contract;

import org.jspecify.annotations.NullMarked;
