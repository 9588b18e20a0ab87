package io.github.vaultlambda.testkit.sts;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An IAM role and its trust policy, as far as the emulator has one. */
final class RoleState {
    final String name;
    final String arn;
    final String id;
    volatile boolean assumeDenied;
    volatile @Nullable String externalId;
    // What IAM gives to a role for which nothing is said.
    volatile Duration maxSession = Duration.ofHours(1);

    RoleState(String name, String arn, String id) {
        this.name = name;
        this.arn = arn;
        this.id = id;
    }
}
