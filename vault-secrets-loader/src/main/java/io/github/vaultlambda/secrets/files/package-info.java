/**
 * Secrets in files, for programs that read them from there: written at the start and again when the secret has changed.
 */
@NullMarked
package io.github.vaultlambda.secrets.files;

import org.jspecify.annotations.NullMarked;
