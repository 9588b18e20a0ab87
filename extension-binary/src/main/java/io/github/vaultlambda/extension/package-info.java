/** The Lambda extension: life cycle, Extensions API, proxy, secret files at start-up. */
@NullMarked
package io.github.vaultlambda.extension;

import org.jspecify.annotations.NullMarked;
