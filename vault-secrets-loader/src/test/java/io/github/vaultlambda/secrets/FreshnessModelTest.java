package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.LivingVault.Entry;
import io.github.vaultlambda.secrets.LivingVault.Issued;
import io.github.vaultlambda.secrets.LivingVault.Kv;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Long random lives of secrets against what Vault itself knows: what it answered and when, which leases and tokens are alive. The
 * model does not foretell what is handed out, but judges it, step by step.
 */
class FreshnessModelTest {
    private static final int HISTORIES = 5_000;
    private static final int STEPS = 30;
    private static final String[] KV = {"secret/data/a", "secret/data/b"};
    private static final String RENEWABLE = "database/creds/renewable";
    private static final String FIXED = "database/creds/fixed";

    private enum Happened {
        VALUE,
        STALE,
        REFUSED,
        UNAVAILABLE,
        LEASE_RENEWED,
        LEASE_REPLACED,
        CHANGE_TOLD,
        READ_AHEAD,
        FORGOTTEN,
        SET_BACK,
        FROZEN_IN_REQUEST
    }

    @Test
    void whatIsHandedOutIsAsFreshAsPromisedAndVaultIsNotAskedInVain() {
        Map<Happened, Integer> happened = new EnumMap<>(Happened.class);
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(seed, happened);
            try {
                history.live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("history " + seed + ": " + history.said, e);
            }
        }
        assertThat(happened).as("how often each").containsOnlyKeys(Happened.values());
    }

    /** What is remembered of one source, by the function's clock. */
    private static final class Source {
        /** Vault is asked no more before this; of the pauses the shortest that they may be. */
        long notBefore = Long.MIN_VALUE;

        int failures;
        int newestSeen;
        /** Nothing that was logged before this counts: it is forgotten. */
        int logFrom;

        void relieve() {
            notBefore = Long.MIN_VALUE;
            failures = 0;
        }

        void failedAt(long now) {
            if (now >= notBefore) {
                notBefore = now + (500L << Math.min(failures, 6));
                failures++;
            }
        }
    }

    private static final class Handle {
        final String path;
        final String field;
        final SecretOptions options;
        final Secret<String> secret;
        final List<String> changes = new ArrayList<>();

        @Nullable
        String rotating;
        /** What the listener knows, or null when it knows nothing. */
        @Nullable
        String known;

        int newestSeen;
        /** How much of the log its changes have been compared with. */
        int checked;

        Handle(VaultSecrets secrets, String path, String field, SecretOptions options) {
            this.path = path;
            this.field = field;
            this.options = options;
            this.secret = secrets.secret(SecretReference.parse(path + "#" + field), String.class, options);
        }

        long ttl() {
            return options.ttl().toMillis();
        }

        long servable() {
            return ttl() + options.maxStale().toMillis();
        }

        boolean isKv() {
            return path.startsWith("secret/");
        }

        String valueOf(int number) {
            return switch (field) {
                case "user" -> isKv() ? Kv.user(number) : "u-" + number;
                case "password" -> "n0tf0rl0gs-" + number;
                default -> Integer.toString(number);
            };
        }

        void listen(Map<Happened, Integer> happened) {
            secret.onChange(new SecretListener<String>() {
                @Override
                public void rotating(SecretChange<String> change) {
                    assertThat(rotating).as("told one after the other").isNull();
                    rotating = change.before() + ">" + change.after();
                    assertThat(secret.get()).isEqualTo(change.before());
                }

                @Override
                public void rotated(SecretChange<String> change) {
                    assertThat(rotating).isEqualTo(change.before() + ">" + change.after());
                    rotating = null;
                    changes.add(change.before());
                    changes.add(change.after());
                    assertThat(secret.get()).isEqualTo(change.after());
                    happened.merge(Happened.CHANGE_TOLD, 1, Integer::sum);
                }
            });
        }
    }

    private static final class History {
        final StringBuilder said = new StringBuilder();
        private final Map<Happened, Integer> happened;
        private final Random random;
        private final LivingVault vault;
        private final VaultSecrets secrets;
        private final List<Handle> handles = new ArrayList<>();
        private final Map<String, Source> sources = new HashMap<>();
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final boolean evicts;
        private final boolean setsBack;
        private long setBackMillis;
        private int renewed;

        History(int seed, Map<Happened, Integer> happened) {
            this.happened = happened;
            random = new Random(seed);
            vault = new LivingVault(seed);
            evicts = seed % 7 == 3;
            setsBack = seed % 5 == 2;
            if (seed % 3 == 1) {
                vault.tokens(200, 900, 0);
            }
            for (String path : KV) {
                vault.kv(path);
            }
            vault.role(RENEWABLE, 100, 400, true).role(FIXED, 300, 300, false);
            secrets = vault.builder()
                    .executor(tasks::add)
                    .maxBytes(evicts ? 2_000 : 1 << 20)
                    .build();
            SecretOptions usual = SecretOptions.defaults();
            SecretOptions hasty = SecretOptions.defaults()
                    .withTtl(Duration.ofSeconds(5))
                    .withMaxStale(Duration.ZERO)
                    .withRefusalTtl(Duration.ofSeconds(1))
                    .withRefreshAhead(false);
            SecretOptions patient = SecretOptions.defaults()
                    .withTtl(Duration.ofMinutes(10))
                    .withMaxStale(Duration.ofMinutes(5))
                    .withRefusalTtl(Duration.ofSeconds(20))
                    .withLeaseIncrement(Duration.ofSeconds(60))
                    .withRefreshAhead(false);
            add(KV[0], "password", usual);
            add(KV[0], "user", usual);
            add(KV[0], "number", hasty);
            add(KV[1], "password", patient);
            add(KV[1], "number", hasty.withTtl(Duration.ZERO).withRefusalTtl(Duration.ZERO));
            add(RENEWABLE, "user", usual);
            add(RENEWABLE, "number", patient);
            add(FIXED, "password", random.nextBoolean() ? usual : patient);
        }

        private void add(String path, String field, SecretOptions options) {
            Handle handle = new Handle(secrets, path, field, options);
            handles.add(handle);
            sources.putIfAbsent(path, new Source());
            handle.listen(happened);
        }

        private void happens(Happened what) {
            happened.merge(what, 1, Integer::sum);
        }

        private Source source(Handle handle) {
            return Objects.requireNonNull(sources.get(handle.path));
        }

        void live() {
            for (int i = 0; i < STEPS; i++) {
                vault.pass(Duration.ofMillis(1)); // or a token counts as made for the request that it is refused to
                step(random.nextInt(100));
                for (Handle handle : handles) {
                    checkChanges(handle);
                }
            }
        }

        private void step(int dice) {
            String kv = KV[random.nextInt(KV.length)];
            Handle handle = handles.get(random.nextInt(handles.size()));
            if (dice < 50) {
                use(handle, false);
            } else if (dice < 56) {
                use(handle, true);
            } else if (dice < 66) {
                pass(1 + random.nextInt(20_000));
            } else if (dice < 72) {
                pass(30_000 + random.nextInt(60_000));
            } else if (dice < 75) {
                pass(60_000 + random.nextInt(300_000));
            } else if (dice < 77) {
                pass(3_600_000L * (1 + random.nextInt(3)));
            } else if (dice < 83) {
                say("rotate " + kv);
                vault.rotate(kv);
            } else if (dice < 87) {
                Outage outage = random.nextBoolean()
                        ? Outage.NONE
                        : List.of(Outage.values()).get(random.nextInt(4));
                say("outage " + outage);
                vault.outage(outage);
            } else if (dice < 89) {
                say("delete or restore " + kv);
                vault.kv(kv).deleted ^= true;
            } else if (dice < 90) {
                boolean denied = random.nextBoolean();
                say((denied ? "deny " : "allow ") + handle.path);
                vault.deny(handle.path, denied);
            } else if (dice < 91 && !vault.leases.isEmpty()) {
                say("revoke a lease");
                vault.leases.get(random.nextInt(vault.leases.size())).revoked = true;
            } else if (dice < 92) {
                say("revoke tokens");
                vault.revokeTokens();
            } else if (dice < 96) {
                work();
            } else if (dice < 97) {
                say("lose tasks");
                tasks.clear();
            } else if (dice < 98) {
                forget();
            } else if (dice < 99 && setsBack) {
                long millis = random.nextBoolean() ? 20_000 : 7_200_000;
                say("set back " + millis);
                setBackMillis += millis;
                vault.setClockBack(Duration.ofMillis(millis));
                happens(Happened.SET_BACK);
            } else {
                long millis = random.nextBoolean() ? 1_000 : 3_000_000;
                say("freeze in the next request for " + handle.path + " for " + millis);
                vault.during(handle.path, () -> {
                    vault.pass(Duration.ofMillis(millis));
                    happens(Happened.FROZEN_IN_REQUEST);
                });
            }
        }

        private void say(String what) {
            said.append("\n  ").append(what);
        }

        private void pass(long millis) {
            say("pass " + millis);
            vault.pass(Duration.ofMillis(millis));
        }

        private void forget() {
            say("forget");
            secrets.forget();
            happens(Happened.FORGOTTEN);
            for (Source source : sources.values()) {
                source.relieve();
                source.logFrom = vault.logSize();
            }
            for (Handle handle : handles) {
                handle.known = null;
                handle.changes.clear();
            }
        }

        private void work() {
            while (!tasks.isEmpty()) {
                say("task");
                int size = vault.logSize();
                tasks.remove().run();
                for (Entry entry : vault.logSince(size)) {
                    happens(Happened.READ_AHEAD);
                    learn(entry, true);
                }
            }
        }

        /** Takes note of an answer; a failure counts only when the store has noted it. */
        private void learn(Entry entry, boolean noted) {
            Source source = Objects.requireNonNull(sources.get(entry.path()));
            if (entry.status() == 200 || entry.status() == 403 || entry.status() == 404) {
                source.relieve();
            } else if (noted) {
                source.failedAt(vault.millis());
            }
        }

        private @Nullable Entry last(Handle handle, boolean answersOnly) {
            List<Entry> log = vault.log();
            for (int i = log.size() - 1; i >= source(handle).logFrom; i--) {
                Entry entry = log.get(i);
                if (entry.path().equals(handle.path)
                        && (!answersOnly || entry.status() == 200 || entry.status() == 403 || entry.status() == 404)) {
                    return entry;
                }
            }
            return null;
        }

        private void use(Handle handle, boolean refresh) {
            say((refresh ? "refresh " : "get ") + handle.secret.reference() + " with ttl " + handle.ttl());
            long began = vault.vaultMillis();
            long now = vault.millis();
            int size = vault.logSize();
            int leases = vault.leases.size();
            Entry last = last(handle, true);
            boolean plain = !evicts && !setsBack && handle.isKv() && last != null && last.status() == 200;
            long age = last == null ? Long.MAX_VALUE : now - last.functionMillis();
            boolean frozenBefore = last != null && isFrozen(handle);
            boolean fresh = plain && age < handle.ttl() && !frozenBefore;
            boolean servable = plain && age < handle.servable() && !frozenBefore;
            boolean paused = now < source(handle).notBefore;
            Issued before = handle.isKv() || leases == 0 ? null : lastLease(handle.path);
            String value = null;
            SecretState<String> state = null;
            VaultException failure = null;
            try {
                if (refresh) {
                    value = handle.secret.refresh();
                } else {
                    state = handle.secret.state();
                    value = state.value();
                }
            } catch (VaultException e) {
                failure = e;
            }
            List<Entry> asked = vault.logSince(size);
            boolean timePassed = vault.vaultMillis() != began;
            said.append(" -> ")
                    .append(value == null ? failure : value)
                    .append(' ')
                    .append(asked.size());
            for (Entry entry : asked) {
                assertThat(entry.path()).isEqualTo(handle.path);
                learn(entry, value != null);
            }
            if (timePassed) {
                frozen.put(handle.path, vault.logSize());
            }
            assertThat(asked.size()).as("requests in one call").isLessThanOrEqualTo(timePassed ? 4 : 2);
            if (!refresh && fresh && age < handle.ttl() * 3 / 4) {
                assertThat(asked).as("asked though it is fresh").isEmpty();
            }
            if (!refresh && servable && paused) {
                assertThat(asked).as("asked though Vault is left alone").isEmpty();
            }
            if (value == null) {
                Objects.requireNonNull(failure);
                checkFailure(handle, failure, refresh, fresh, servable, timePassed, now, asked);
                return;
            }
            happens(Happened.VALUE);
            checkValue(handle, value, state, began);
            if (state != null) {
                checkState(handle, state, now, asked, timePassed);
            }
            if (!handle.isKv()) {
                checkLease(handle, began, refresh, before, leases);
            }
        }

        /** Where in the log a request ended during which time passed: how old its answer counts is not known here. */
        private final Map<String, Integer> frozen = new HashMap<>();

        private boolean isFrozen(Handle handle) {
            Integer at = frozen.get(handle.path);
            return at != null
                    && vault.log().subList(at, vault.logSize()).stream()
                            .noneMatch(entry -> entry.path().equals(handle.path) && entry.status() == 200);
        }

        private void checkFailure(
                Handle handle,
                VaultException failure,
                boolean refresh,
                boolean fresh,
                boolean servable,
                boolean timePassed,
                long now,
                List<Entry> asked) {
            if (failure instanceof VaultNotFoundException || failure instanceof VaultPermissionException) {
                happens(Happened.REFUSED);
                assertThat(fresh && !refresh).as("refused though it is fresh").isFalse();
                long pause = refresh ? 1_000 : handle.options.refusalTtl().toMillis();
                boolean recent = !asked.isEmpty();
                for (Entry entry : vault.log()) {
                    recent |= entry.path().equals(handle.path)
                            && (entry.status() == 403 || entry.status() == 404)
                            && now >= entry.functionMillis()
                            && now - entry.functionMillis() < pause;
                }
                assertThat(recent).as("refused by Vault lately").isTrue();
                return;
            }
            happens(Happened.UNAVAILABLE);
            assertThat(failure).isInstanceOf(VaultUnavailableException.class);
            assertThat(vault.outage != Outage.NONE || timePassed)
                    .as("Vault can be asked")
                    .isTrue();
            assertThat(servable && !timePassed).as("an old value would serve").isFalse();
        }

        private void checkValue(Handle handle, String value, @Nullable SecretState<String> state, long began) {
            boolean stale = state == null || state.stale();
            long bound = stale ? handle.servable() : handle.ttl();
            int newest = 0;
            boolean wasAnswered = false;
            for (Entry entry : vault.log()) {
                if (entry.path().equals(handle.path)
                        && entry.status() == 200
                        && handle.valueOf(entry.number()).equals(value)) {
                    newest = entry.number();
                    wasAnswered |= !handle.isKv() || entry.vaultMillis() >= began - bound - setBackMillis;
                }
            }
            assertThat(wasAnswered).as("Vault's value within its bound").isTrue();
            assertThat(newest).as("older than before").isGreaterThanOrEqualTo(handle.newestSeen);
            handle.newestSeen = newest;
            Source source = source(handle);
            if (!evicts) {
                assertThat(newest).as("older than another's").isGreaterThanOrEqualTo(source.newestSeen);
                source.newestSeen =
                        Math.max(source.newestSeen, handle.isKv() && handle.field.equals("user") ? 0 : newest);
            }
        }

        private void checkState(
                Handle handle, SecretState<String> state, long now, List<Entry> asked, boolean timePassed) {
            if (state.stale()) {
                happens(Happened.STALE);
                Entry last = last(handle, true);
                assertThat(last == null || last.status() == 200)
                        .as("stale after a refusal")
                        .isTrue();
            }
            if (handle.isKv() && !timePassed) {
                long age = now - state.readAt().toEpochMilli();
                boolean readNow = asked.stream().anyMatch(entry -> entry.status() == 200);
                assertThat(state.stale()).as("stale at an age of " + age).isEqualTo(age >= handle.ttl() && !readNow);
            }
        }

        private @Nullable Issued lastLease(String path) {
            Issued last = null;
            for (Issued lease : vault.leases) {
                last = lease.path.equals(path) ? lease : last;
            }
            return last;
        }

        private void checkLease(Handle handle, long began, boolean refresh, @Nullable Issued before, int leases) {
            Issued lease = vault.lease(handle.newestSeen);
            LivingVault.Token token = vault.token(lease);
            if (!setsBack) {
                assertThat(lease.endMillis).as("end of the lease").isGreaterThan(began);
                assertThat(token.endMillis).as("end of its token").isGreaterThan(began);
                assertThat(lease.revoked && lease.noticed)
                        .as("known to be over")
                        .isFalse();
                assertThat(token.revoked && token.noticed)
                        .as("known to be revoked")
                        .isFalse();
            }
            if (vault.increments.size() > renewed) {
                renewed = vault.increments.size();
                happens(Happened.LEASE_RENEWED);
            }
            if (vault.leases.size() > leases && before != null) {
                happens(Happened.LEASE_REPLACED);
                long life = before.endMillis - before.begunMillis;
                boolean ownEnd = before.endMillis <= vault.token(before).endMillis;
                boolean needless = !refresh
                        && !setsBack
                        && ownEnd
                        && before.begunMillis + life * 6 / 10 > began
                        && loginsAt.getOrDefault(before.number, -1) == vault.logins()
                        && source(handle).logFrom <= logAt.getOrDefault(before.number, -1);
                assertThat(needless).as("new credentials without need").isFalse();
            }
            loginsAt.putIfAbsent(lease.number, vault.logins());
            logAt.putIfAbsent(lease.number, vault.logSize());
        }

        private final Map<Integer, Integer> loginsAt = new HashMap<>();
        private final Map<Integer, Integer> logAt = new HashMap<>();

        private void checkChanges(Handle handle) {
            if (vault.logSize() == handle.checked && handle.changes.isEmpty()) {
                return;
            }
            assertThat(handle.rotating).as("told to the end").isNull();
            for (int i = 0; i < handle.changes.size(); i += 2) {
                String before = handle.changes.get(i);
                String after = handle.changes.get(i + 1);
                assertThat(before).as("no change").isNotEqualTo(after);
                if (handle.known != null) {
                    assertThat(before).as("a change without the one before it").isEqualTo(handle.known);
                }
                handle.known = after;
            }
            handle.changes.clear();
            String latest = null;
            for (Entry entry : vault.logSince(Math.max(handle.checked, source(handle).logFrom))) {
                if (entry.path().equals(handle.path) && entry.status() == 200) {
                    latest = handle.valueOf(entry.number());
                    handle.known = handle.known == null ? latest : handle.known;
                }
            }
            handle.checked = vault.logSize();
            if (latest != null) {
                assertThat(handle.known).as("what the listener knows").isEqualTo(latest);
            }
        }
    }
}
