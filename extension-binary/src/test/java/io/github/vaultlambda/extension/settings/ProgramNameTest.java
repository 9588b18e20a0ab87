package io.github.vaultlambda.extension.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramNameTest {
    @ParameterizedTest
    @CsvSource({
        "/opt/extensions/my-vault, my-vault",
        "my-vault, my-vault",
        "./vault-lambda-extension, vault-lambda-extension",
        "/usr/lib/jvm/bin/java, vault-lambda-extension",
        "'', vault-lambda-extension",
        "/opt/, vault-lambda-extension",
    })
    void isThatOfTheFileThatWasStarted(String program, String name) {
        assertThat(ProgramName.ofCommandLine(program + "\0login\0")).isEqualTo(name);
        assertThat(ProgramName.ofCommandLine(program)).isEqualTo(name);
    }

    @Test
    void isWhatTheLauncherSays() {
        assertThat(ProgramName.of("other")).isEqualTo("other");
    }
}
