package io.github.vaultlambda.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 23, 24, 25, 26, 100, 5_000})
    void isTheMapThatWasPutIn(int count) {
        Random random = new Random(count);
        Map<String, SecretValue> expected = new LinkedHashMap<>();
        Fields fields = new Fields(random.nextInt(10));
        for (int i = 0; i < count; i++) {
            // One in four takes the place of an earlier one.
            String name = "name" + (random.nextInt(4) == 0 ? random.nextInt(count) : i);
            SecretValue value = SecretValue.of("n0tf0rl0gs" + i);
            expected.put(name, value);
            fields.add(name, value);
        }
        fields.trimmed();

        assertThat(new ArrayList<>(fields.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
        assertThat(fields).isEqualTo(expected).hasSameHashCodeAs(expected).hasSameSizeAs(expected);
        assertThat(expected).isEqualTo(fields);
        for (Map.Entry<String, SecretValue> field : expected.entrySet()) {
            assertThat(fields.get(field.getKey())).isSameAs(field.getValue());
            assertThat(fields.containsKey(field.getKey())).isTrue();
        }
        assertThat(fields.get("missing")).isNull();
        assertThat(fields.containsKey("missing")).isFalse();
        assertThat(Fields.copyOf(expected)).isEqualTo(fields);
    }

    @Test
    void cannotBeChangedThroughAMap() {
        Fields fields = new Fields(1);
        fields.add("a", SecretValue.of("n0tf0rl0gs"));
        Iterator<Map.Entry<String, SecretValue>> entries = fields.entrySet().iterator();
        Map.Entry<String, SecretValue> entry = entries.next();

        assertThatThrownBy(() -> fields.put("b", SecretValue.of("x")))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(fields::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(entries::remove).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> entry.setValue(SecretValue.of("x"))).isInstanceOf(UnsupportedOperationException.class);
        assertThat(fields).hasSize(1);
    }

    @Test
    void orderDoesNotMakeADifference() {
        SecretValue one = SecretValue.of(Map.of("a", SecretValue.of("1"), "b", SecretValue.of("2")));
        Map<String, SecretValue> other = new LinkedHashMap<>();
        other.put("b", SecretValue.of("2"));
        other.put("a", SecretValue.of("1"));

        assertThat(SecretValue.of(other)).isEqualTo(one).hasSameHashCodeAs(one);
    }
}
