package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads many secrets side by side. The caller works as well, so that it goes on when the executor has no thread to spare. */
final class Prefetch {
    private final Executor executor;

    Prefetch(Executor executor) {
        this.executor = executor;
    }

    void run(Deadline deadline, List<? extends Secret<?>> secrets) {
        List<Secret<?>> ofEachSource = new ArrayList<>();
        Set<SecretReference.Source> sources = new LinkedHashSet<>();
        for (Secret<?> secret : secrets) {
            if (sources.add(secret.reference().source())) {
                ofEachSource.add(secret);
            }
        }
        VaultException first = null;
        for (VaultException failure : attempt(deadline, ofEachSource)) {
            first = both(first, failure);
        }
        if (first != null) {
            throw first;
        }
        for (Secret<?> secret : secrets) {
            try {
                secret.get(deadline); // each in its own type
            } catch (VaultException failure) {
                first = both(first, failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Asks for all of them, each of another source, and waits for the last; gives for each why it could not be had, or null. */
    @Nullable
    VaultException[] attempt(Deadline deadline, List<? extends Secret<?>> secrets) {
        @Nullable VaultException[] failures = new @Nullable VaultException[secrets.size()];
        if (failures.length == 0) {
            return failures;
        }
        List<FutureTask<?>> others = begin(deadline, secrets.subList(1, failures.length));
        try {
            secrets.get(0).get(deadline);
        } catch (VaultException failure) {
            failures[0] = failure;
        }
        for (int i = 1; i < failures.length; i++) {
            FutureTask<?> other = others.get(i - 1);
            other.run(); // nothing when another thread has begun it
            failures[i] = failure(other, deadline);
        }
        return failures;
    }

    private List<FutureTask<?>> begin(Deadline deadline, List<? extends Secret<?>> secrets) {
        List<FutureTask<?>> tasks = new ArrayList<>();
        for (Secret<?> secret : secrets) {
            tasks.add(new FutureTask<>(new Reader(secret, deadline)));
        }
        for (FutureTask<?> task : tasks) {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                break; // the caller reads it
            }
        }
        return tasks;
    }

    /** Two failures as one. */
    static @Nullable VaultException both(@Nullable VaultException first, @Nullable VaultException next) {
        if (first == null) {
            return next;
        }
        // A refusal that is remembered comes again, as the same object.
        if (next != null
                && !next.equals(first)
                && !List.of(first.getSuppressed()).contains(next)) {
            first.addSuppressed(next);
        }
        return first;
    }

    /** A class and not a lambda: secrets are read side by side in a cold start. */
    private static final class Reader implements Callable<Object> {
        private final Secret<?> secret;
        private final Deadline deadline;

        Reader(Secret<?> secret, Deadline deadline) {
            this.secret = secret;
            this.deadline = deadline;
        }

        @Override
        public Object call() {
            return secret.get(deadline);
        }
    }

    private static @Nullable VaultException failure(FutureTask<?> task, Deadline deadline) {
        try {
            task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VaultException failure) {
                return failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            return VaultUnavailableException.notInTime("all secrets", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return VaultUnavailableException.notInTime("all secrets", e);
        }
    }
}
