/** Test doubles that behave like the real thing: Vault, STS, the Lambda execution environment. */
@NullMarked
package io.github.vaultlambda.testkit;

import org.jspecify.annotations.NullMarked;
