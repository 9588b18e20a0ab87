package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.contract.MethodAnswers.Ask;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The plain answers of the secrets engines and about leases, value for value where they do not change from run to run. */
interface EngineAnswersContract {
    Bench bench();

    @TestFactory
    default Stream<DynamicTest> sameAnswersOfTheEngines() {
        Map<String, Supplier<String>> secrets = EngineAnswers.secrets(bench());
        return EngineAnswers.TABLE.stream()
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    String body = ask.body();
                    RawVault.Answer answer = bench().raw()
                            .send(
                                    ask.method(),
                                    MethodAnswers.resolved(ask.path(), secrets),
                                    token(ask, secrets),
                                    body == null ? null : MethodAnswers.resolved(body.replace('\'', '"'), secrets));
                    assertThat(EngineAnswers.said(answer)).isEqualTo(ask.answer());
                }));
    }

    @TestFactory
    default Stream<DynamicTest> sameWrappedAnswersOfTheEngines() {
        Map<String, Supplier<String>> secrets = EngineAnswers.secrets(bench());
        return EngineAnswers.WRAPPED.stream()
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    int seconds = Integer.parseInt(Objects.requireNonNull(ask.body()));
                    RawVault.Answer answer = bench().raw().getWrapped(ask.path(), token(ask, secrets), seconds);
                    assertThat(EngineAnswers.said(answer)).isEqualTo(ask.answer());
                }));
    }

    private static @Nullable String token(Ask ask, Map<String, Supplier<String>> secrets) {
        String token = ask.token();
        return token == null ? null : MethodAnswers.resolved(token, secrets);
    }
}
