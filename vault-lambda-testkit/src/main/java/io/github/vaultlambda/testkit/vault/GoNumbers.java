package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonNumber;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** KV version 2 passes numbers through a 64-bit float and sorts keys; a client sees what comes out of that. */
final class GoNumbers {
    private GoNumbers() {}

    static @Nullable Object throughFloat(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> out = new TreeMap<>();
            map.forEach((name, item) -> out.put(String.valueOf(name), throughFloat(item)));
            return out;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>();
            list.forEach(item -> out.add(throughFloat(item)));
            return out;
        }
        return value instanceof Number number ? number(number) : value;
    }

    private static @Nullable Object number(Number number) {
        double value = number.doubleValue();
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            return number;
        }
        // Exact in both forms, so that no format decision is needed for the usual case.
        if (number instanceof JsonNumber && number.toString().matches("-?\\d{1,15}")) {
            return number;
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-6 || size >= 1e21)) {
            String digits = shortest.unscaledValue().abs().toString();
            int exponent = digits.length() - 1 - shortest.scale();
            String text = (value < 0 ? "-" : "")
                    + digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + (exponent < 0 ? "e-" : "e+")
                    + (Math.abs(exponent) < 10 && exponent > 0 ? "0" : "")
                    + Math.abs(exponent);
            return Json.read(text);
        }
        return Json.read(shortest.toPlainString());
    }
}
