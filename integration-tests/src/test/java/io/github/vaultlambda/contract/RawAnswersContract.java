package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Vault's plain answers, word for word, as constants: a drift of the stand-in, or of a newer Vault, shows here. */
interface RawAnswersContract {
    Bench bench();

    @TestFactory
    default Stream<DynamicTest> sameAnswers() {
        RawVault vault = bench().raw();
        String reader = bench().admin().createToken(Bench.POLICY);
        return RawAnswers.TABLE.stream()
                .map(probe -> DynamicTest.dynamicTest(probe.name(), () -> {
                    String token = switch (probe.who()) {
                        case NOBODY -> null;
                        case READER -> reader;
                        case ROOT -> bench().engine().rootToken();
                        case BOGUS -> "hvs.nonsense";
                    };
                    assertThat(RawAnswers.said(vault.send(probe.method(), probe.path(), token, probe.body())))
                            .isEqualTo(probe.answer());
                }));
    }

    @TestFactory
    default Stream<DynamicTest> sameAnswersToALogin() {
        RawVault vault = bench().raw();
        ContractSession session = bench().session();
        session.token();
        String genuine = session.lastLoginBody();
        return LoginVariants.TABLE.stream()
                .map(variant -> DynamicTest.dynamicTest(variant.name(), () -> {
                    assertThat(RawAnswers.said(vault.send("PUT", "auth/aws/login", null, variant.applyTo(genuine))))
                            .isEqualTo(variant.answer());
                }));
    }
}
