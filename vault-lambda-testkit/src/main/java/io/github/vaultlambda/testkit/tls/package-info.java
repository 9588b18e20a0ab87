/** Certificates and keys, made in the process: DER, X.509, PEM. Not API. */
@NullMarked
package io.github.vaultlambda.testkit.tls;

import org.jspecify.annotations.NullMarked;
