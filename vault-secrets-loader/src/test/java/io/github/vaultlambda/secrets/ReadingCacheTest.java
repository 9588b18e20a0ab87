package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingCacheTest {
    private static final long PLENTY = 1 << 20;

    private final FakeVault vault = new FakeVault();
    private final VaultResponse response =
            vault.kv1("x", "{}").session().client().read("x");
    private final VaultResponse leased = vault.at("y", 200, "{\"lease_id\":\"y/1\",\"lease_duration\":60,\"data\":{}}")
            .session()
            .client()
            .read("y");
    private final ReadingCache cache = new ReadingCache(PLENTY);

    @Test
    void keepsEveryReadingAcrossTheTakeOver() {
        List<Reading> all = new ArrayList<>();
        for (int i = 0; i < ReadingCache.FEW * 2; i++) {
            all.add(reading(i));
            cache.put(source(i), all.get(i));
            for (int kept = 0; kept <= i; kept++) {
                assertThat(cache.get(source(kept))).as("%d of %d", kept, i).isSameAs(all.get(kept));
            }
        }
        assertThat(cache.size()).isEqualTo(all.size());
    }

    @Test
    void aNewerReadingReplacesTheOlder() {
        for (int i = 0; i < ReadingCache.FEW + 5; i++) {
            Reading newer = reading(i);
            cache.put(source(0), newer);
            cache.put(source(i), newer);
            assertThat(cache.get(source(0))).isSameAs(newer);
        }
    }

    @Test
    void isBoundedByMemory() {
        long each = reading(1).footprint();
        ReadingCache small = new ReadingCache(each * 100);

        for (int i = 0; i < 1_000; i++) {
            small.put(source(i), reading(i));
        }

        assertThat(small.size()).isBetween(90L, 102L);
    }

    @Test
    void oneReadingMayBeTooLargeToKeep() {
        ReadingCache small = new ReadingCache(reading(1).footprint() - 1);

        small.put(source(1), reading(1));

        assertThat(small.get(source(1))).isNull();
    }

    @Test
    void neverThrowsOutWhatHasALease() {
        ReadingCache small = new ReadingCache(reading(1).footprint() * 2);
        Reading dynamic = Reading.of(new SecretAnswer(leased, data(0), 0, leased), 0, 1);
        small.put(source(0), dynamic);

        for (int i = 1; i < 1_000; i++) {
            small.put(source(i), reading(i));
        }

        assertThat(small.get(source(0))).isSameAs(dynamic);
        assertThat(small.leased()).containsExactly(Map.entry(source(0), dynamic));
    }

    @Test
    void keepsNoneWhoseLeaseIsOver() {
        FakeVault vault = new FakeVault().at("x", 200, "{\"lease_id\":\"x/1\",\"lease_duration\":100,\"data\":{}}");
        VaultClient client = vault.session().client();
        for (int i = 0; i < 1_000; i++) {
            VaultResponse answer = client.read("x");
            cache.put(source(i), Reading.of(new SecretAnswer(answer, data(i), 0, answer), 0, i));
            vault.advance(Duration.ofSeconds(10));
        }

        assertThat(cache.size()).isEqualTo(10);
        assertThat(cache.get(source(999))).isNotNull();
    }

    @Test
    void replacesOnlyWhatIsThere() {
        Reading first = reading(1);
        Reading second = reading(2);
        assertThat(cache.replace(source(1), first, second)).isFalse();
        cache.put(source(1), first);
        assertThat(cache.replace(source(1), first, second)).isTrue();
        assertThat(cache.replace(source(1), first, first)).isFalse();
        assertThat(cache.get(source(1))).isSameAs(second);
    }

    @Test
    void isEmptyWhenCleared() {
        for (int i = 0; i < ReadingCache.FEW * 2; i++) {
            cache.clear();
            cache.put(source(i), reading(i));
            assertThat(cache.size()).isEqualTo(1);
        }
        for (int i = 0; i < ReadingCache.FEW * 2; i++) {
            cache.put(source(i), reading(i));
        }
        cache.clear();
        assertThat(cache.size()).isZero();
    }

    @Test
    void oneVersionIsNotAnother() {
        SecretReference.Source newest = SecretReference.parse("secret/data/db").source();
        SecretReference.Source third =
                SecretReference.parse("secret/data/db?version=3").source();
        cache.put(newest, reading(1));
        assertThat(cache.get(third)).isNull();
    }

    private static SecretReference.Source source(int number) {
        return SecretReference.parse("secret/data/" + number).source();
    }

    private static SecretValue data(int number) {
        return SecretValue.of(Map.of("n", SecretValue.of("n0tf0rl0gs-" + (10_000 + number))));
    }

    private Reading reading(int number) {
        return Reading.of(new SecretAnswer(response, data(number), 0, response), 0, 1);
    }
}
