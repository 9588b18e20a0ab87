/**
 * Counts of what happens to secrets, and ways to publish them: CloudWatch's Embedded Metric Format and Micrometer. Nothing here is
 * loaded unless it is used.
 */
@NullMarked
package io.github.vaultlambda.secrets.metrics;

import org.jspecify.annotations.NullMarked;
