package io.github.vaultlambda.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerTest {
    private static String hex(byte[] value) {
        return HexFormat.of().formatHex(value);
    }

    @ParameterizedTest
    @CsvSource({"0,0400", "127,047f", "128,048180", "255,0481ff", "256,04820100", "65536,0483010000"})
    void lengthsTakeAsFewBytesAsTheyNeed(int length, String start) {
        byte[] value = Der.octets(new byte[length]);

        assertThat(hex(value)).startsWith(start);
        assertThat(value).hasSize(length + start.length() / 2);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.113549.1.1.11,06092a864886f70d01010b",
        "2.5.29.17,0603551d11",
        "1.3.6.1.5.5.7.3.1,06082b06010505070301"
    })
    void objectIdentifiers(String dotted, String expected) {
        assertThat(hex(Der.oid(dotted))).isEqualTo(expected);
    }

    @Test
    void refusesAnIdentifierOfOneNumber() {
        assertThatThrownBy(() -> Der.oid("1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersKeepTheirSign() {
        assertThat(hex(Der.integer(0))).isEqualTo("020100");
        assertThat(hex(Der.integer(128))).isEqualTo("02020080");
        assertThat(hex(Der.integer(BigInteger.valueOf(-1)))).isEqualTo("0201ff");
    }

    @Test
    void namedBitsCountTheUnusedOnes() {
        assertThat(hex(Der.namedBits(0x80))).isEqualTo("03020780");
        assertThat(hex(Der.namedBits(0xa0))).isEqualTo("030205a0");
        assertThat(hex(Der.namedBits(0x86))).isEqualTo("03020186");
    }

    @Test
    void timeHasTwoDigitsForTheYearUntil2049() {
        assertThat(Der.time(Instant.parse("2049-12-31T23:59:59Z"))).startsWith((byte) 0x17, (byte) 13, (byte) '4');
        assertThat(Der.time(Instant.parse("2050-01-01T00:00:00Z"))).startsWith((byte) 0x18, (byte) 15, (byte) '2');
    }
}
