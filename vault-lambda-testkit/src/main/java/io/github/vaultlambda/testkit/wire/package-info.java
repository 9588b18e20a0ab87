/** What the other rooms share: JSON, a loopback HTTP server, minted secrets. Not API. */
@NullMarked
package io.github.vaultlambda.testkit.wire;

import org.jspecify.annotations.NullMarked;
