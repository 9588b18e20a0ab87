package io.github.vaultlambda.client;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object in their order. Secrets are kept by the thousand, so it takes two arrays and no node per field; what
 * has many fields finds them by an index. Filled by one thread with {@link #add}, then never changed again.
 */
final class Fields extends AbstractMap<String, SecretValue> {
    /** Up to here a look at each name is as quick as an index. */
    private static final int FEW = 24;

    private String[] names;
    private SecretValue[] values;
    private int size;
    private @Nullable Map<String, Integer> index;

    Fields(int expected) {
        this.names = new String[expected];
        this.values = new SecretValue[expected];
    }

    static Fields copyOf(Map<String, SecretValue> fields) {
        Fields copy = new Fields(fields.size());
        for (Map.Entry<String, SecretValue> field : fields.entrySet()) {
            copy.add(field.getKey(), field.getValue());
        }
        return copy;
    }

    /** Of fields with the same name the last one counts, in the place of the first. */
    void add(String name, SecretValue value) {
        int known = indexOf(name);
        if (known >= 0) {
            values[known] = value;
            return;
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2 + 2);
            values = Arrays.copyOf(values, size * 2 + 2);
        }
        names[size] = name;
        values[size] = value;
        Map<String, Integer> all = index;
        if (all != null) {
            all.put(name, size);
        }
        size++;
        if (all == null && size > FEW) {
            all = new HashMap<>();
            for (int i = 0; i < size; i++) {
                all.put(names[i], i);
            }
            index = all;
        }
    }

    /** Gives back what was made in vain; nothing is added afterwards. */
    Fields trimmed() {
        if (size < names.length) {
            names = Arrays.copyOf(names, size);
            values = Arrays.copyOf(values, size);
        }
        return this;
    }

    private int indexOf(Object name) {
        Map<String, Integer> all = index;
        if (all != null) {
            Integer at = all.get(name);
            return at == null ? -1 : at;
        }
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    String nameAt(int at) {
        return names[at];
    }

    SecretValue valueAt(int at) {
        return values[at];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return name != null && indexOf(name) >= 0;
    }

    @Override
    public @Nullable SecretValue get(@Nullable Object name) {
        int at = name == null ? -1 : indexOf(name);
        return at < 0 ? null : values[at];
    }

    @Override
    public Set<Map.Entry<String, SecretValue>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, SecretValue>> {
        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<Map.Entry<String, SecretValue>> iterator() {
            return new EntryIterator();
        }
    }

    private final class EntryIterator implements Iterator<Map.Entry<String, SecretValue>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public Map.Entry<String, SecretValue> next() {
            if (next >= size) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, SecretValue> entry = new SimpleImmutableEntry<>(names[next], values[next]);
            next++;
            return entry;
        }
    }
}
