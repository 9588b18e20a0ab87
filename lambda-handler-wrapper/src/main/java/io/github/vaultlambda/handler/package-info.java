/** Gives a Java Lambda handler its secrets before each invocation. */
@NullMarked
package io.github.vaultlambda.handler;

import org.jspecify.annotations.NullMarked;
