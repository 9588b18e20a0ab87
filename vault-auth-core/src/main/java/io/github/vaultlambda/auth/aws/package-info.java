/** Logins that prove an AWS identity, and where its credentials come from. */
@NullMarked
package io.github.vaultlambda.auth.aws;

import org.jspecify.annotations.NullMarked;
