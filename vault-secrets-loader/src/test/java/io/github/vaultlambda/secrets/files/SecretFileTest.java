package io.github.vaultlambda.secrets.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.vaultlambda.secrets.SecretOptions;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of a secret's file. */
class SecretFileTest {
    private static final Path FILE = Path.of("/tmp/vault/a");

    @ParameterizedTest
    @ValueSource(strings = {"relative.json", "/"})
    void wantsAnAbsolutePathOfAFile(String wrong) {
        assertThatIllegalArgumentException().isThrownBy(() -> SecretFile.of("kv/a", Path.of(wrong)));
    }

    @Test
    void beginsWithWhatIsSafe() {
        SecretFile file = SecretFile.of("kv/a", FILE);
        assertThat(file.format()).isEqualTo(FileFormat.RESPONSE);
        assertThat(SecretFile.of("kv/a#b", FILE).format()).isEqualTo(FileFormat.FIELD);
        assertThat(PosixFilePermissions.toString(file.mode())).isEqualTo("rw-------");
        assertThat(file.isOptional()).isFalse();
        assertThat(file.isDeletedOnClose()).isFalse();
        assertThat(file.options()).isNull();
        assertThat(file).hasToString("kv/a in /tmp/vault/a");
    }

    @Test
    void eachChangeIsACopy() {
        SecretFile file = SecretFile.of("kv/a", FILE);
        SecretOptions options = SecretOptions.defaults().withTtl(Duration.ZERO);
        SecretFile changed = file.withFormat(FileFormat.DOTENV)
                .withMode(PosixFilePermissions.fromString("r--r-----"))
                .withOptional(true)
                .withDeletedOnClose(true)
                .withOptions(options);
        assertThat(changed.format()).isEqualTo(FileFormat.DOTENV);
        assertThat(PosixFilePermissions.toString(changed.mode())).isEqualTo("r--r-----");
        assertThat(changed.isOptional()).isTrue();
        assertThat(changed.isDeletedOnClose()).isTrue();
        assertThat(changed.options()).isEqualTo(options);
        assertThat(changed).isNotEqualTo(file);
        assertThat(file).isEqualTo(SecretFile.of("kv/a", FILE)).hasSameHashCodeAs(SecretFile.of("kv/a", FILE));
    }

    @Test
    void formatAndReferenceHaveToFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretFile.of("kv/a#b", FILE).withFormat(FileFormat.RESPONSE))
                .withMessageContaining("leave the field out");
        for (FileFormat format : EnumSet.of(FileFormat.FIELD, FileFormat.BYTES)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SecretFile.of("kv/a", FILE).withFormat(format))
                    .withMessageContaining("kv/a#password");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"DATA", "DOTENV", "PROPERTIES"})
    void otherFormatsTakeAWholeSecretAndAFieldOfIt(FileFormat format) {
        for (String reference : Set.of("kv/a", "kv/a#b")) {
            assertThat(SecretFile.of(reference, FILE).withFormat(format).format())
                    .isEqualTo(format);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-w-------", "rwx------", "rw--w----", "rw-----w-", "rw-r-x---", "rw-r----x"})
    void refusesModesThatAreNoneForASecret(String mode) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretFile.of("kv/a", FILE).withMode(PosixFilePermissions.fromString(mode)))
                .withMessageContaining(mode);
    }
}
