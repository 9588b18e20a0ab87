package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecretOptionsTest {
    @Test
    void theDefaultsAreAsDocumented() {
        SecretOptions options = SecretOptions.defaults();

        assertThat(options.ttl()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.maxStale()).isEqualTo(Duration.ofHours(1));
        assertThat(options.refusalTtl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.leaseIncrement()).isNull();
        assertThat(options.refreshAhead()).isTrue();
    }

    @Test
    void eachCanBeChangedAlone() {
        SecretOptions options = SecretOptions.defaults();
        Duration other = Duration.ofSeconds(7);

        assertThat(options.withTtl(other).ttl()).isEqualTo(other);
        assertThat(options.withMaxStale(other).maxStale()).isEqualTo(other);
        assertThat(options.withRefusalTtl(other).refusalTtl()).isEqualTo(other);
        assertThat(options.withLeaseIncrement(other).leaseIncrement()).isEqualTo(other);
        assertThat(options.withRefreshAhead(false).refreshAhead()).isFalse();
        assertThat(options.withTtl(other).withTtl(options.ttl()))
                .isEqualTo(options)
                .hasSameHashCodeAs(options);
        assertThat(options.withLeaseIncrement(other)).isNotEqualTo(options);
        assertThat(options.withLeaseIncrement(other)).asString().contains("leaseIncrement=PT7S");
    }

    @Test
    void noTimeMayBeNegative() {
        SecretOptions options = SecretOptions.defaults();
        Duration negative = Duration.ofMillis(-1);

        assertThatThrownBy(() -> options.withTtl(negative)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withMaxStale(negative)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withRefusalTtl(negative)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withLeaseIncrement(negative))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("leaseIncrement is negative");
    }
}
