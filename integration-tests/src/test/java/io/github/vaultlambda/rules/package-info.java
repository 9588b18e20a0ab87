/** Rules over all modules: who may depend on whom, what a module shows, and that no secret is ever printed. */
@NullMarked
package io.github.vaultlambda.rules;

import org.jspecify.annotations.NullMarked;
