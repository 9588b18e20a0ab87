/** AWS's side: signature verification, roles, sessions and STS answers. Not API. */
@NullMarked
package io.github.vaultlambda.testkit.sts;

import org.jspecify.annotations.NullMarked;
