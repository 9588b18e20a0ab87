package io.github.vaultlambda.secrets.variables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void showsItsReferencesAndNothingElseOfTheValue() {
        Template template = Template.of("https://app:n0tf0rl0gs@${vault:secret/data/db#host}/n0tf0rl0gs");
        assertThat(template).hasToString("Template[secret/data/db#host]");
    }
}
