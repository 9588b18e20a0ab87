package io.github.vaultlambda.testkit;

import java.time.Duration;

/**
 * How long the restore of a snapshot took.
 *
 * @param duration until the runtime asked for its first invocation, {@code afterRestore} hooks included
 */
public record RestoreReport(Duration duration) {}
