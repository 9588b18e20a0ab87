/** Lambda's side: processes, the Runtime API and the Extensions API. Not API. */
@NullMarked
package io.github.vaultlambda.testkit.lambda;

import org.jspecify.annotations.NullMarked;
