/** Settings, read from environment variables or a builder, with every fault reported at once. */
@NullMarked
package io.github.vaultlambda.config;

import org.jspecify.annotations.NullMarked;
