/** Reading and writing JSON, in two classes: a cold start pays for every class that a library would load. */
@NullMarked
package io.github.vaultlambda.json;

import org.jspecify.annotations.NullMarked;
