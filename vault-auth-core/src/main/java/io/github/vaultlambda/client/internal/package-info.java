/** Shared by the project's own modules; not API. */
@NullMarked
package io.github.vaultlambda.client.internal;

import org.jspecify.annotations.NullMarked;
