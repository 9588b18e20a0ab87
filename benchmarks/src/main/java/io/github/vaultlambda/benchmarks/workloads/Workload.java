package io.github.vaultlambda.benchmarks.workloads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Five ways in which functions use secrets. */
enum Workload {
    STATIC("1 one static secret, used each second", 1, false, 1, 0, 0),
    TEN("2 ten static secrets, all used each second", 10, false, 1, 0, 0),
    DYNAMIC("3 database credentials (lease of 1 h), used each 10 s", 1, true, 10, 0, 0),
    ROTATED("4 a secret that is rotated each hour, used each 10 s", 1, false, 10, 3_600, 0),
    SHORT("5 environments that live for a minute, one secret, used each second", 1, false, 1, 0, 60);

    static final int INVOCATIONS = 1_000;

    private final String title;
    private final int secrets;
    private final boolean dynamic;
    private final long everySeconds;
    private final long rotatedEachSeconds;
    private final long environmentLivesSeconds;

    Workload(
            String title,
            int secrets,
            boolean dynamic,
            long everySeconds,
            long rotatedEachSeconds,
            long environmentLivesSeconds) {
        this.title = title;
        this.secrets = secrets;
        this.dynamic = dynamic;
        this.everySeconds = everySeconds;
        this.rotatedEachSeconds = rotatedEachSeconds;
        this.environmentLivesSeconds = environmentLivesSeconds;
    }

    String title() {
        return title;
    }

    boolean isDynamic() {
        return dynamic;
    }

    Duration every() {
        return Duration.ofSeconds(everySeconds);
    }

    /** What each invocation reads. */
    List<String> paths() {
        if (dynamic) {
            return List.of(CountedVault.CREDENTIALS);
        }
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < secrets; i++) {
            paths.add(CountedVault.SECRET + i);
        }
        return paths;
    }

    /** Whether another environment takes this invocation, the first one being 0. */
    boolean beginsEnvironment(int invocation) {
        long second = invocation * everySeconds;
        return invocation == 0 || (environmentLivesSeconds > 0 && second % environmentLivesSeconds == 0);
    }

    /** Whether the secret is changed just before this invocation. */
    boolean isRotatedBefore(int invocation) {
        long second = invocation * everySeconds;
        return rotatedEachSeconds > 0 && second > 0 && second % rotatedEachSeconds == 0;
    }
}
