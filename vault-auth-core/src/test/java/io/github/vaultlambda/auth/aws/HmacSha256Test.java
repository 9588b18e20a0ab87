package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacSha256Test {
    @Test
    void agreesWithTheJdkForKeysOfAllLengths() throws GeneralSecurityException {
        Random random = new Random(20260301);
        HmacSha256 ours = new HmacSha256();
        Mac jdks = Mac.getInstance("HmacSHA256");
        for (int length = 1; length <= 260; length++) {
            for (int i = 0; i < 8; i++) {
                byte[] key = new byte[length];
                random.nextBytes(key);
                byte[] message = new byte[random.nextInt(300)];
                random.nextBytes(message);
                jdks.init(new SecretKeySpec(key, "HmacSHA256"));

                assertThat(ours.code(key, message)).isEqualTo(jdks.doFinal(message));
            }
        }
    }

    /** RFC 4231, cases 2 and 6; and a key of no bytes, which the JDK does not take. */
    @Test
    void agreesWithThePublishedVectors() {
        HmacSha256 ours = new HmacSha256();
        byte[] longKey = HexFormat.of().parseHex("aa".repeat(131));

        assertThat(HexFormat.of()
                        .formatHex(ours.code("Jefe".getBytes(UTF_8), "what do ya want for nothing?".getBytes(UTF_8))))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(HexFormat.of()
                        .formatHex(ours.code(
                                longKey, "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(UTF_8))))
                .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        assertThat(HexFormat.of().formatHex(ours.code(new byte[0], new byte[0])))
                .isEqualTo("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    }
}
