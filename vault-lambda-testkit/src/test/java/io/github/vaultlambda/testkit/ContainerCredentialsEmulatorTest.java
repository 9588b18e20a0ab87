package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpCall;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerCredentialsEmulatorTest {
    private final FakeClock clock = new FakeClock();
    private final StsEmulator sts = StsEmulator.builder().clock(clock).start();
    private final String role = sts.createRole("service/orders");
    private final ContainerCredentialsEmulator container = ContainerCredentialsEmulator.start(sts, role);

    @AfterEach
    void stop() {
        container.close();
        sts.close();
    }

    private Http.Reply get(String token) throws Exception {
        return Http.send("GET", container.uri().toString(), Map.of("Authorization", token), null);
    }

    private TestCredentials session() throws Exception {
        Http.Reply reply = get(container.authorizationToken());
        assertThat(reply.status()).isEqualTo(200);
        return new TestCredentials(
                reply.text("AccessKeyId"),
                reply.text("SecretAccessKey"),
                reply.text("Token"),
                Instant.parse(reply.text("Expiration")));
    }

    private int identity(TestCredentials credentials) throws Exception {
        return Http.send(
                        "POST",
                        sts.endpoint() + "/",
                        new TestSigner(credentials)
                                .at(clock.instant())
                                .sign(sts.endpoint().getAuthority(), TestSigner.IDENTITY),
                        TestSigner.IDENTITY)
                .status();
    }

    @Test
    void givesSessionsThatStsKnows() throws Exception {
        TestCredentials session = session();

        assertThat(session.expiration()).isEqualTo(clock.instant().plus(Duration.ofHours(6)));
        assertThat(identity(session)).isEqualTo(200);
        assertThat(sts.calls())
                .containsExactly(
                        new StsCall("GetCallerIdentity", "arn:aws:sts::123456789012:assumed-role/orders/orders", 200));
        assertThat(session()).isEqualTo(session);
        assertThat(get(container.authorizationToken()).text("RoleArn")).isEqualTo(role);
        assertThat(session.secretAccessKey()).contains(TestSecrets.MARKER);
    }

    @Test
    void renewsSessionsBeforeTheirEnd() throws Exception {
        container.sessionLifetime(Duration.ofHours(1));
        TestCredentials first = session();
        clock.advance(Duration.ofMinutes(55).minusSeconds(1));
        assertThat(session()).isEqualTo(first);

        clock.advance(Duration.ofSeconds(1));
        TestCredentials second = session();
        assertThat(second.accessKeyId()).isNotEqualTo(first.accessKeyId());
        assertThat(identity(first)).isEqualTo(200);
        clock.advance(Duration.ofMinutes(5));
        assertThat(identity(first)).isEqualTo(403);
        assertThat(identity(second)).isEqualTo(200);
    }

    @Test
    void rotatesWhenTold() throws Exception {
        TestCredentials first = session();
        container.rotate();
        TestCredentials second = session();

        assertThat(second).isNotEqualTo(first);
        assertThat(identity(first)).isEqualTo(200);
        assertThat(identity(second)).isEqualTo(200);
    }

    @Test
    void wantsTheTokenOfTheHour(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("token");
        Map<String, String> lambda = container.environment();
        Map<String, String> pod = container.environment(file);
        String old = container.authorizationToken();

        assertThat(lambda)
                .containsOnly(
                        Map.entry(
                                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                container.uri().toString()),
                        Map.entry("AWS_CONTAINER_AUTHORIZATION_TOKEN", old));
        assertThat(pod)
                .containsOnlyKeys("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        assertThat(Files.readString(file)).isEqualTo(old).contains(TestSecrets.MARKER);
        container.rotateAuthorizationToken();
        assertThat(get(old).status()).isEqualTo(401);
        assertThat(Http.send("GET", container.uri().toString(), Map.of(), null).status())
                .isEqualTo(401);
        assertThat(get(container.authorizationToken()).status()).isEqualTo(200);
        assertThat(container.requestCount()).isEqualTo(3);
    }

    @Test
    void refusesOtherPathsAndMethods() throws Exception {
        Map<String, String> header = Map.of("Authorization", container.authorizationToken());

        assertThat(Http.send("GET", container.uri().resolve("/other").toString(), header, null)
                        .status())
                .isEqualTo(404);
        assertThat(Http.send("POST", container.uri().toString(), header, "").status())
                .isEqualTo(405);
        assertThatThrownBy(() -> ContainerCredentialsEmulator.start(sts, "arn:aws:iam::1:role/x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failsWhenTold() throws Exception {
        container.failNext(1, 500);
        container.answerNext("not JSON");
        container.failNext(1, 0);

        assertThat(get("none").status()).isEqualTo(500);
        assertThat(get("none").body()).isEqualTo("not JSON");
        // Not with the JDK's client, which may try again.
        HttpRequest request = new HttpRequest("GET", container.uri().getPath(), "", new HeaderList(), new byte[0]);
        assertThatThrownBy(() -> HttpCall.send(container.uri(), "x", request)).isInstanceOf(EOFException.class);
    }
}
