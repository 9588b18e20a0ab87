package io.github.vaultlambda.testkit;

import java.time.Duration;
import java.util.Map;

/**
 * How long the initialisation took.
 *
 * @param duration from the start of the first process until all were ready
 * @param registered per extension, from its start until it had registered
 * @param ready per process ({@code function} is the runtime), from its start until it asked for its first event or
 *     invocation; with SnapStart the runtime is ready when its {@code beforeCheckpoint} hooks have run
 */
public record InitReport(Duration duration, Map<String, Duration> registered, Map<String, Duration> ready) {}
