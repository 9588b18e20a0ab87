package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.secrets.CachedSecret.Bound;
import io.github.vaultlambda.secrets.SecretReference.Source;
import io.github.vaultlambda.secrets.SecretValues.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the values of a group once: one use by one thread. */
final class Gathering {
    private final SecretStore store;
    private final CachedSecret<?>[] members;
    private final List<Secret<?>> secrets;
    private final boolean forgiving;
    private final @Nullable SecretValues before;
    private final long startMillis;

    private final Part<?>[] parts;
    private final Map<Source, VaultException> refused = new HashMap<>();
    private final Map<Source, Reading> arrived = new HashMap<>();
    /** Of each source the newest reading that a member has. */
    private final Map<Source, Reading> newest = new HashMap<>();

    private @Nullable VaultException failure;
    private long judgedFromMillis = Long.MIN_VALUE;
    private long quietUntilMillis = Long.MAX_VALUE;

    /**
     * For these secrets.
     *
     * @param before what was gathered before, or null
     */
    Gathering(
            SecretStore store,
            CachedSecret<?>[] members,
            List<Secret<?>> secrets,
            boolean forgiving,
            @Nullable SecretValues before) {
        this.store = store;
        this.members = members;
        this.secrets = secrets;
        this.forgiving = forgiving;
        this.before = before;
        this.startMillis = store.nowMillis();
        this.parts = new Part<?>[members.length];
    }

    /**
     * What was gathered.
     *
     * @param judgedFromMillis before that moment the clock has been set back
     * @param quietUntilMillis until when it may be handed out again
     */
    record Gathered(SecretValues values, long judgedFromMillis, long quietUntilMillis) {}

    Gathered run(Prefetch prefetch, Deadline deadline) {
        readSideBySide(prefetch, deadline);
        for (int i = 0; i < members.length; i++) {
            parts[i] = part(i, members[i], deadline);
        }
        for (int i = 0; i < members.length; i++) {
            parts[i] = ofNewest(i, parts[i]);
        }
        if (failure != null) {
            keepTogether();
        }
        for (int i = 0; i < members.length; i++) {
            judge(i, parts[i]);
        }
        VaultException failed = failure;
        if (failed != null && !forgiving) {
            throw failed;
        }
        return new Gathered(new SecretValues(parts, failed), judgedFromMillis, quietUntilMillis);
    }

    /** Asks Vault for one member of each source that has to be waited for. */
    private void readSideBySide(Prefetch prefetch, Deadline deadline) {
        List<CachedSecret<?>> waiting = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            Source source = members[i].reference().source();
            if (!sources.contains(source)
                    && holding(i) == null
                    && members[i].mustWait()
                    && members[i].quiet() == null) {
                waiting.add(members[i]);
                sources.add(source);
            }
        }
        @Nullable Reading[] old = new @Nullable Reading[waiting.size()];
        for (int i = 0; i < old.length; i++) {
            old[i] = waiting.get(i).kept();
        }
        @Nullable VaultException[] failures = prefetch.attempt(deadline, waiting);
        for (int i = 0; i < failures.length; i++) {
            Reading read = waiting.get(i).kept();
            if (read != null && read != old[i]) {
                arrived.put(sources.get(i), read);
            }
            VaultException failed = failures[i];
            // What does not fit the one may fit the others.
            if (failed != null && !(failed instanceof SecretFormatException)) {
                refused.put(sources.get(i), failed);
            }
        }
    }

    /** What stopped this member lately, while Vault is left alone for it. */
    private @Nullable Trouble holding(int index) {
        Trouble trouble = before == null ? null : before.part(index).trouble;
        return trouble != null && trouble.holdsAt(startMillis) ? trouble : null;
    }

    private <T> Part<T> part(int index, CachedSecret<T> member, Deadline deadline) {
        Bound<T> quiet = member.quiet();
        if (quiet != null) {
            return found(member, quiet);
        }
        Trouble trouble = holding(index);
        if (trouble != null) {
            fail(trouble.failure());
            return last(index, new Part<>(member, null, null, null)).despite(trouble);
        }
        VaultException failed = refused.get(member.reference().source());
        if (failed == null) {
            try {
                Reading read = arrived.get(member.reference().source());
                // What is never fresh is read once for all.
                return found(member, read != null && !member.isFresh(read) ? member.of(read) : member.look(deadline));
            } catch (VaultException e) {
                failed = e;
            }
        }
        return failed(index, member, failed);
    }

    private <T> Part<T> found(CachedSecret<T> member, Bound<T> bound) {
        Source source = member.reference().source();
        Reading known = newest.get(source);
        if (known == null || bound.reading.isNewerThan(known)) {
            newest.put(source, bound.reading);
        }
        return new Part<>(member, bound, null, null);
    }

    private <T> Part<T> failed(int index, CachedSecret<T> member, VaultException failed) {
        if (failed instanceof VaultNotFoundException && secrets.get(index) instanceof OptionalSecret<?>) {
            return new Part<>(member, null, Optional.empty(), null);
        }
        fail(failed);
        Trouble known = before == null ? null : before.part(index).trouble;
        return last(index, new Part<>(member, null, null, null))
                .despite(Trouble.outage(
                        failed, store.nowMillis(), known, store.random().nextDouble()));
    }

    private void fail(VaultException failed) {
        failure = Prefetch.both(failure, failed);
    }

    /** What was there before; if there was nothing, the other part. */
    @SuppressWarnings("unchecked") // of the same group, at the same place
    private <T> Part<T> last(int index, Part<T> otherwise) {
        Part<?> last = before == null ? null : before.part(index);
        return last == null || last.isNothing() ? otherwise : (Part<T>) last;
    }

    /** This part as the newest answer has it, when another member has been given that one. */
    private <T> Part<T> ofNewest(int index, Part<T> part) {
        Reading latest = newest.get(part.secret.reference().source());
        Bound<T> bound = part.bound;
        if (latest == null || part.trouble != null || (bound != null && !latest.isNewerThan(bound.reading))) {
            return part;
        }
        if (bound != null && bound.reading.data().equals(latest.data())) {
            return part;
        }
        try {
            return new Part<>(part.secret, part.secret.of(latest), null, null);
        } catch (SecretFormatException e) {
            return failed(index, part.secret, e);
        }
    }

    /** When one value of an answer cannot be had, the others of that answer stay as they were before, too. */
    private void keepTogether() {
        for (int i = 0; i < members.length; i++) {
            Trouble trouble = parts[i].trouble;
            for (int j = 0; trouble != null && j < members.length; j++) {
                if (parts[j].trouble == null
                        && members[i]
                                .reference()
                                .source()
                                .equals(members[j].reference().source())) {
                    parts[j] = last(j, parts[j]).despite(trouble);
                }
            }
        }
    }

    private void judge(int index, Part<?> part) {
        Bound<?> bound = part.bound;
        if (part.trouble != null) {
            quietUntilMillis = Math.min(quietUntilMillis, part.trouble.untilMillis());
            judgedFromMillis = Math.max(judgedFromMillis, part.trouble.sinceMillis());
        } else if (bound != null) {
            quietUntilMillis = Math.min(quietUntilMillis, bound.quietUntilMillis);
            judgedFromMillis = Math.max(judgedFromMillis, bound.judgedFromMillis);
            if (bound.epoch != store.readings().epoch()) {
                quietUntilMillis = Long.MIN_VALUE; // it was outdated when it came
            }
        } else {
            long pause = Reading.millis(members[index].options().refusalTtl());
            quietUntilMillis = Math.min(quietUntilMillis, Reading.later(startMillis, pause));
            judgedFromMillis = Math.max(judgedFromMillis, startMillis);
        }
    }
}
