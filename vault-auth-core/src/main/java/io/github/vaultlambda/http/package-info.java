/** HTTP as the client needs it: one request to its host, one answer back. */
@NullMarked
package io.github.vaultlambda.http;

import org.jspecify.annotations.NullMarked;
