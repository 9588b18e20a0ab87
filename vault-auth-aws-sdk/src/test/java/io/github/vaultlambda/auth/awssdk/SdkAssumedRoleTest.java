package io.github.vaultlambda.auth.awssdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.aws.AssumeRoleOptions;
import io.github.vaultlambda.auth.aws.RoleNotBoundException;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.testkit.TestCredentials;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sts.StsClient;

class SdkAssumedRoleTest {
    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    private final LocalAws aws = new LocalAws();

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void logs_in_as_the_assumed_role_and_assumes_it_once() {
        aws.boundTo(aws.vaultRole);
        try (StsClient client = aws.client();
                SdkAssumedRole role = SdkAssumedRole.of(client, aws.vaultRole)) {
            VaultSession session = aws.session(role);
            assertThat(aws.assumptions())
                    .as("nothing happens before the first use")
                    .isZero();

            session.reject(session.token(LocalAws.soon()));
            session.token(LocalAws.soon());

            assertThat(aws.assumptions()).isEqualTo(1);
            assertThat(aws.sts.calls())
                    .anySatisfy(
                            call -> assertThat(call.principalArn()).endsWith("assumed-role/vault-reader/vault_auth"));
            assertThat(output.awaitText("Logged in to Vault")).isTrue();
            assertThat(role).hasToString("SdkAssumedRole[" + aws.vaultRole + "]");
        }
    }

    @Test
    void sends_session_name_external_id_and_duration() {
        aws.boundTo(aws.vaultRole);
        aws.sts.requireExternalId(aws.vaultRole, "partner:42");
        AssumeRoleOptions options = AssumeRoleOptions.defaults()
                .withSessionName("orders@prod")
                .withExternalId("partner:42")
                .withDuration(Duration.ofMinutes(15));
        try (StsClient client = aws.client();
                SdkAssumedRole role = SdkAssumedRole.of(client, aws.vaultRole, options)) {
            aws.session(role).token(LocalAws.soon());

            Instant end = role.credentials(LocalAws.soon()).expiresAt();
            assertThat(end).isNotNull().isBefore(Instant.now().plus(Duration.ofMinutes(16)));
            assertThat(aws.sts.calls())
                    .anySatisfy(call -> assertThat(call.principalArn()).endsWith("/vault-reader/orders@prod"));
        }
    }

    @Test
    void a_missing_external_id_is_told() {
        aws.boundTo(aws.vaultRole);
        aws.sts.requireExternalId(aws.vaultRole, "partner:42");
        try (StsClient client = aws.client()) {
            Throwable failure = failure(client);

            assertThat(failure)
                    .hasMessageContaining("403 AccessDenied")
                    .hasMessageContaining(aws.vaultRole)
                    .hasMessageContaining("external id");
        }
    }

    @Test
    void a_refused_role_is_told() {
        aws.boundTo(aws.vaultRole);
        aws.sts.denyAssumeRole(aws.vaultRole);
        try (StsClient client = aws.client()) {
            assertThat(failure(client)).hasMessageContaining("not authorized to perform: sts:AssumeRole");
        }
    }

    @Test
    void expired_credentials_of_its_own_are_told() {
        aws.boundTo(aws.vaultRole);
        TestCredentials expired = aws.sts.issueSession(aws.functionRole, "orders", Duration.ZERO);
        try (StsClient client = LocalAws.client(expired, aws.sts.endpoint())) {
            assertThat(failure(client)).hasMessageContaining("ExpiredToken");
        }
    }

    @Test
    void vault_refuses_a_role_that_is_not_bound() {
        aws.boundTo(aws.functionRole);
        try (StsClient client = aws.client();
                SdkAssumedRole role = SdkAssumedRole.of(client, aws.vaultRole)) {
            Throwable failure = catchThrowable(() -> aws.session(role).token(LocalAws.soon()));

            assertThat(failure).isInstanceOf(RoleNotBoundException.class);
            CapturedOutput.harmlessTrace(failure);
        }
    }

    @Test
    void a_silent_sts_ends_at_the_deadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                StsClient client = LocalAws.client(aws.sts.issueSession(aws.functionRole), uri(silent));
                SdkAssumedRole role = SdkAssumedRole.of(client, aws.vaultRole)) {
            Deadline deadline = Deadline.after(InstantSource.system(), Duration.ofMillis(300));

            Throwable failure = catchThrowable(() -> role.credentials(deadline));

            assertThat(failure).isInstanceOf(VaultLoginException.class).hasMessageContaining("in time");
            assertThat(Thread.interrupted())
                    .as("the SDK's interrupt stays inside")
                    .isFalse();
        }
    }

    @Test
    void a_broken_answer_is_not_quoted() throws Exception {
        String body = "<AssumeRoleResponse><Credentials><SecretAccessKey>" + TestSecrets.mint("key-") + "</Secret";
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                StsClient client = LocalAws.client(aws.sts.issueSession(aws.functionRole), uri(server))) {
            Thread answering = new Thread(() -> answerAlways(server, body));
            answering.setDaemon(true);
            answering.start();

            assertThat(failure(client)).isInstanceOf(VaultLoginException.class);
        }
    }

    /** What a login through this client ends with; no secret is in it. */
    private Throwable failure(StsClient client) {
        try (SdkAssumedRole role = SdkAssumedRole.of(client, aws.vaultRole)) {
            Throwable failure = catchThrowable(() -> aws.session(role).token(LocalAws.soon()));
            assertThat(failure).isInstanceOf(VaultLoginException.class);
            CapturedOutput.harmlessTrace(failure);
            return failure;
        }
    }

    private static URI uri(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private static void answerAlways(ServerSocket server, String body) {
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(UTF_8);
        while (true) {
            try (Socket socket = server.accept();
                    OutputStream out = socket.getOutputStream()) {
                socket.getInputStream().read(new byte[65_536]);
                out.write(answer);
            } catch (IOException e) {
                return; // the test is over
            }
        }
    }
}
