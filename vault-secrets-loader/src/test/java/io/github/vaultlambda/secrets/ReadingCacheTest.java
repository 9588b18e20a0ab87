package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingCacheTest {
    private final ReadingCache cache = new ReadingCache();

    @Test
    void keepsEveryReadingAcrossTheTakeOver() {
        int count = ReadingCache.FEW * 2;
        for (int i = 0; i < count; i++) {
            cache.put(source(i), reading(i));
            for (int kept = 0; kept <= i; kept++) {
                assertThat(cache.get(source(kept))).as("%d of %d", kept, i).isEqualTo(reading(kept));
            }
        }
        assertThat(cache.size()).isEqualTo(count);
    }

    @Test
    void aNewerReadingReplacesTheOlder() {
        for (int i = 0; i < ReadingCache.FEW + 5; i++) {
            cache.put(source(0), reading(i));
            cache.put(source(i), reading(i));
            assertThat(cache.get(source(0))).isEqualTo(reading(i));
        }
    }

    @Test
    void isBounded() {
        for (int i = 0; i < ReadingCache.MAX_ENTRIES * 3; i++) {
            cache.put(source(i), reading(i));
        }
        assertThat(cache.size()).isEqualTo(ReadingCache.MAX_ENTRIES);
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

    private static Reading reading(int number) {
        return new Reading(SecretValue.of(Map.of("n", SecretValue.of("n0tf0rl0gs-" + number))), number);
    }
}
