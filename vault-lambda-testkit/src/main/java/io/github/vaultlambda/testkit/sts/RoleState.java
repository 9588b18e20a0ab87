package io.github.vaultlambda.testkit.sts;

import org.jspecify.annotations.Nullable;

/** An IAM role and its trust policy, as far as the emulator has one. */
final class RoleState {
    final String name;
    final String arn;
    final String id;
    volatile boolean assumeDenied;
    volatile @Nullable String externalId;

    RoleState(String name, String arn, String id) {
        this.name = name;
        this.arn = arn;
        this.id = id;
    }
}
