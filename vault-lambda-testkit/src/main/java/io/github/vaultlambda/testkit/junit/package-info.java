/**
 * A Vault for JUnit tests by one annotation, {@link io.github.vaultlambda.testkit.junit.VaultTest}. Needs JUnit Jupiter 5.13 or newer,
 * which the user of this package brings along.
 */
@NullMarked
package io.github.vaultlambda.testkit.junit;

import org.jspecify.annotations.NullMarked;
