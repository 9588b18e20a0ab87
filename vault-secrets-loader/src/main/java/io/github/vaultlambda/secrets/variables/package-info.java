/** Secrets in environment variables: references in their values, resolved before the process that gets them starts. */
@NullMarked
package io.github.vaultlambda.secrets.variables;

import org.jspecify.annotations.NullMarked;
