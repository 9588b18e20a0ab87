package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Secrets kept in files: written once at the start, and looked after from then on by {@link #refresh}, best at the beginning of
 * each invocation. Several files of one secret cost one read.
 *
 * <pre>{@code
 * SecretFiles files = SecretFiles.of(vault, List.of(
 *         SecretFile.of("secret/data/orders/db", Path.of("/tmp/vault/db.json")).withFormat(FileFormat.DATA)));
 * files.write();    // while the function is initialised
 * files.refresh();  // in each invocation; costs microseconds while all is fresh
 * }</pre>
 *
 * <p>Whoever reads a file meanwhile finds the whole old one or the whole new one. A symbolic link in its place is replaced, not
 * followed. Directories that are missing are made for the owner alone (0700); those that exist are left as they are. A reader that
 * was begun before the file was replaced reads the old content to its end.
 *
 * <p>How fresh: files without options of their own are read again when they are asked for and older than the TTL of
 * {@link VaultSecrets#options()}, and never in the background, where Lambda may freeze the process halfway. Asking is the use that
 * renews a lease. Thread-safe; one thread at a time does the work.
 */
public final class SecretFiles implements AutoCloseable {
    private static final Log LOG = Log.of(SecretFiles.class);
    /** So many are read one after the other on the connection at hand: threads and more connections cost a cold start more. */
    private static final int MOST_ONE_BY_ONE = 4;

    private final VaultSecrets vault;
    private final InstantSource clock;
    private final List<DeliveredFile> files = new ArrayList<>();
    /** Held while Vault is asked, which concerns the files of this object alone. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean closed;

    private SecretFiles(VaultSecrets vault, Collection<SecretFile> files) {
        this.vault = vault;
        this.clock = vault.session().platform().clock();
        Map<Path, SecretFile> byPath = new HashMap<>();
        for (SecretFile file : files) {
            SecretFile other = byPath.put(file.file().normalize(), file);
            if (other != null) {
                throw new IllegalArgumentException("two secrets for one file: both " + other + " and " + file);
            }
            this.files.add(new DeliveredFile(file, vault));
        }
    }

    /**
     * These files with the secrets of this Vault. Touches neither network nor files.
     *
     * @throws IllegalArgumentException when two of them are the same file
     */
    public static SecretFiles of(VaultSecrets vault, Collection<SecretFile> files) {
        return new SecretFiles(vault, files);
    }

    /** As {@link #write(Deadline)}, with the configured time-out. */
    public void write() {
        write(vault.session().client().newDeadline());
    }

    /**
     * Writes all files; from five on, their secrets are read side by side. Those that are there already with the content they should have are left
     * alone.
     *
     * @param deadline until when to wait for Vault
     * @throws SecretFilesException when any could not be written, with all that could not; the others are
     * @throws VaultLoginException when Vault refuses the login, which no single file is to blame for
     * @throws IllegalStateException after {@link #close()}
     */
    public void write(Deadline deadline) {
        lock.lock();
        try {
            rejectClosed();
            if (files.size() > MOST_ONE_BY_ONE) {
                VaultLoginException refused = readTogether(files, deadline);
                if (refused != null) {
                    throw refused;
                }
            }
            List<SecretFilesException.Fault> faults = new ArrayList<>();
            for (DeliveredFile file : files) {
                try {
                    file.deliver(deadline);
                } catch (VaultLoginException e) {
                    throw e;
                } catch (VaultException | IOException e) {
                    faults.add(new SecretFilesException.Fault(file.file(), e));
                }
            }
            if (!faults.isEmpty()) {
                throw new SecretFilesException(faults, files.size());
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #refresh(Deadline)}, with the configured time-out. */
    public List<SecretFile> refresh() {
        return refresh(vault.session().client().newDeadline());
    }

    /**
     * Asks each secret for its value, which is read again when it is too old, and writes its file when the secret has changed, or
     * when the file is gone or was changed by somebody else. Of an answer of Vault only the data and the lease's id count: it has
     * another {@code request_id} each time.
     *
     * <p>What fails leaves the old file in place, with one warning in the log until it succeeds again: a secret that is refused, or
     * that is older than {@link io.github.vaultlambda.secrets.SecretOptions#maxStale()} allows while Vault cannot be reached; in
     * the latter case, and when the login is refused, Vault is not asked again for five seconds, after further failures for up to a
     * minute. The file of an optional
     * secret follows it when it vanishes.
     *
     * @param deadline until when to wait for Vault, or for another thread that does the same
     * @return the files that were written
     * @throws IllegalStateException after {@link #close()}
     */
    public List<SecretFile> refresh(Deadline deadline) {
        if (!locked(deadline)) {
            return List.of(); // another thread is at it
        }
        try {
            rejectClosed();
            Instant now = clock.instant();
            List<DeliveredFile> asked = new ArrayList<>(files.size());
            List<DeliveredFile> due = new ArrayList<>();
            for (DeliveredFile file : files) {
                if (!file.isPaused(now)) {
                    asked.add(file);
                    if (file.isDue(now)) {
                        due.add(file);
                    }
                }
            }
            VaultLoginException loginRefused = null;
            if (due.size() > MOST_ONE_BY_ONE) {
                loginRefused = readTogether(due, deadline);
            }
            List<SecretFile> changed = new ArrayList<>();
            for (DeliveredFile file : asked) {
                try {
                    if (loginRefused != null && file.isDue(now)) {
                        throw loginRefused; // which would be the same for this one
                    }
                    if (file.deliver(deadline)) {
                        changed.add(file.file());
                    }
                } catch (VaultLoginException e) {
                    loginRefused = e;
                    file.failed(e, clock.millis());
                } catch (VaultException | IOException e) {
                    file.failed(e, clock.millis());
                }
            }
            return changed;
        } finally {
            lock.unlock();
        }
    }

    private boolean locked(Deadline deadline) {
        try {
            return lock.tryLock() || lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void rejectClosed() {
        if (closed) {
            throw new IllegalStateException("these secret files are closed");
        }
    }

    /** Reads ahead what each file then finds; what fails is told by the file that needs it, but for a login. */
    private @Nullable VaultLoginException readTogether(List<DeliveredFile> together, Deadline deadline) {
        List<Secret<?>> secrets = new ArrayList<>(together.size());
        for (DeliveredFile file : together) {
            secrets.add(file.secret());
        }
        try {
            vault.prefetch(deadline, secrets);
        } catch (VaultLoginException e) {
            return e;
        } catch (VaultException e) {
            LOG.debug("Not all secrets of files can be read: {}", e.getMessage());
        }
        return null;
    }

    /**
     * Keeps nothing of what was written, which must not outlive a snapshot of the process; to be called with {@link
     * VaultSecrets#forget}. The files stay, and the next {@link #refresh} writes them anew.
     */
    public void forget() {
        lock.lock();
        try {
            files.forEach(DeliveredFile::forget);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Overwrites and deletes those files that were asked to be ({@link SecretFile#withDeletedOnClose}), as far as nobody else has
     * replaced them; the others stay. Waits for a refresh that is under way. Leaves the {@link VaultSecrets} open. Closing twice
     * does nothing.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            for (DeliveredFile file : files) {
                if (file.file().isDeletedOnClose()) {
                    try {
                        file.shred();
                    } catch (IOException e) {
                        LOG.warn("{} is left behind: {}", file.file(), e.getMessage());
                    }
                }
                file.forget();
            }
        } finally {
            lock.unlock();
        }
    }
}
