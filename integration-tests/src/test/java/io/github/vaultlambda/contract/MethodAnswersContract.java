package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.aws.AwsEc2Login;
import io.github.vaultlambda.auth.aws.AwsEc2Options;
import io.github.vaultlambda.contract.VaultEngine.Door;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The plain answers of auth methods, of tokens and of wrapping, value for value where they do not change from run to run. */
interface MethodAnswersContract {
    Bench bench();

    @TestFactory
    default Stream<DynamicTest> sameAnswersOfTheMethods() {
        Map<String, Supplier<String>> secrets = MethodAnswers.secrets(bench());
        return Stream.concat(
                        MethodAnswers.TABLE.stream(),
                        secrets.containsKey("account") ? MethodAnswers.KUBERNETES.stream() : Stream.empty())
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    String token = ask.token();
                    String body = ask.body();
                    RawVault.Answer answer = bench().raw()
                            .send(
                                    ask.method(),
                                    ask.path(),
                                    token == null ? null : MethodAnswers.resolved(token, secrets),
                                    body == null ? null : MethodAnswers.resolved(body.replace('\'', '"'), secrets));
                    assertThat(MethodAnswers.said(answer)).isEqualTo(ask.answer());
                }));
    }

    @TestFactory
    default Stream<DynamicTest> sameAnswersToCertificates() {
        TestCertificates authority = bench().authority();
        String mismatch = "error: failed to match all constraints for this login certificate";
        return Stream.of(
                        new Shown(
                                "ours",
                                authority.client(OtherMethods.CLIENT),
                                "{}",
                                "200",
                                MethodAnswers.loggedIn("{'authority_key_id':'*','cert_name':'orders','common_name':"
                                        + "'orders.contract.test','serial_number':'*','subject_key_id':'*'}")),
                        new Shown("of another name", authority.client("x"), "{}", "400", mismatch),
                        new Shown(
                                "of another authority",
                                TestCertificates.create().client(OtherMethods.CLIENT),
                                "{}",
                                "400",
                                mismatch),
                        new Shown(
                                "of a server",
                                authority.server(),
                                "{}",
                                "500",
                                "error: failed to verify client's certificate: x509: certificate specifies an incompatible"
                                        + " key usage"),
                        new Shown(
                                "for an unknown role",
                                authority.client(OtherMethods.CLIENT),
                                "{\"name\": \"nobody\"}",
                                "400",
                                mismatch))
                .map(shown -> DynamicTest.dynamicTest("certificate " + shown.name(), () -> {
                    RawVault vault =
                            new RawVault(bench().engine().address(Door.TLS), authority.clientContext(shown.client()));
                    RawVault.Answer answer = vault.send("PUT", "auth/cert/login", null, shown.body());
                    assertThat(MethodAnswers.said(answer)).isEqualTo(shown.answer());
                }));
    }

    /** A client certificate, the body of the login with it, and the answer. */
    record Shown(String name, TestCertificate client, String body, List<String> answer) {
        Shown(String name, TestCertificate client, String body, String... answer) {
            this(name, client, body, List.of(answer));
        }
    }

    @Test
    default void sameAnswersToAnInstance() {
        AwsEc2Options options = AwsEc2Options.of(Ec2Desk.ROLE)
                .withMount(Ec2Desk.MOUNT)
                .withMetadataAddress(bench().ec2().start(Ec2Desk.IMAGE).endpoint());
        ContractSession session = bench().session(bench().config(), platform -> new AwsEc2Login(options, platform));
        session.token();
        String body = session.lastLoginBody();
        assertThat(MethodAnswers.said(bench().raw().send("PUT", "auth/ec2/login", null, body)))
                .containsExactly(
                        "200",
                        MethodAnswers.loggedIn(
                                "{'account_id':'*','auth_type':'ec2','role':'orders'," + "'role_tag_max_ttl':'0s'}"));
        assertThat(MethodAnswers.said(
                        bench().raw().send("PUT", "auth/ec2/login", null, body.replace("\"nonce\"", "\"none\""))))
                .containsExactly("400", "error: client nonce mismatch");
        assertThat(MethodAnswers.said(
                        bench().raw().send("PUT", "auth/ec2/login", null, body.replace("\"pkcs7\"", "\"none\""))))
                .containsExactly("400", "error: didn't supply required authentication values");
    }

    @Test
    default void wrappedAnswerHasTheSameForm() {
        RawVault.Answer answer =
                bench().raw().putWrapped(OtherMethods.APPROLE, bench().engine().rootToken(), Map.of(), 300);
        assertThat(MethodAnswers.said(answer))
                .containsExactly(
                        "200",
                        "wrap_info: {'accessor':'*','creation_path':'auth/approle/role/orders/secret-id','creation_time':'*',"
                                + "'token':'*','ttl':'*','wrapped_accessor':'*'}");
    }
}
