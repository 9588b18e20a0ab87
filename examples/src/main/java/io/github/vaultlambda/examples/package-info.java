/** Functions as a user would write them, one way of use each. */
@NullMarked
package io.github.vaultlambda.examples;

import org.jspecify.annotations.NullMarked;
