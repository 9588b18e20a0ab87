/** The HTTP path to Vault: requests, retries inside a deadline, answers and typed errors. */
@NullMarked
package io.github.vaultlambda.client;

import org.jspecify.annotations.NullMarked;
