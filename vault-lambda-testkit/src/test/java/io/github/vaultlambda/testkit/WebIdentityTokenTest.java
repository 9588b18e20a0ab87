package io.github.vaultlambda.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpCall;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Json;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebIdentityTokenTest {
    private static final String NAMESPACE = "https://sts.amazonaws.com/";
    private static final String AUDIENCE = "&Audience.member.1=https%3A%2F%2Fvault.example.com";

    private final FakeClock clock = new FakeClock();
    private final StsEmulator sts = StsEmulator.builder().clock(clock).start();
    private final String role = sts.createRole("service/orders");
    private final TestCredentials session = sts.issueSession(role, "fn", Duration.ofHours(1));

    @AfterEach
    void stop() {
        sts.close();
    }

    private Http.Reply ask(TestCredentials credentials, String fields) throws Exception {
        String body = "Action=GetWebIdentityToken&Version=2011-06-15" + fields;
        Map<String, String> headers = new TestSigner(credentials)
                .region("eu-west-1")
                .at(clock.instant())
                .sign(sts.endpoint().getAuthority(), body);
        return Http.send("POST", sts.endpoint() + "/", headers, body);
    }

    private static String element(String xml, String name) {
        return xml.substring(xml.indexOf("<" + name + ">") + name.length() + 2, xml.indexOf("</" + name + ">"));
    }

    private static Map<String, ?> part(String token, int index) {
        byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
        return Json.object(Json.read(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES384"})
    void givesTokensThatTheIssuersKeysVerify(String algorithm) throws Exception {
        URI issuer = sts.enableOutboundFederation();

        Http.Reply reply = ask(session, AUDIENCE + "&SigningAlgorithm=" + algorithm);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .startsWith("<GetWebIdentityTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">")
                .contains("<GetWebIdentityTokenResult>", "<Expiration>2026-03-01T12:05:00Z</Expiration>");
        String token = element(reply.body(), "WebIdentityToken");
        assertThat(part(token, 0).get("alg")).isEqualTo(algorithm);
        Map<String, ?> claims = part(token, 1);
        assertThat(claims.get("iss")).isEqualTo(issuer.toString());
        assertThat(claims.get("aud")).isEqualTo("https://vault.example.com");
        assertThat(claims.get("sub")).isEqualTo(role);
        assertThat(String.valueOf(claims.get("iat")))
                .isEqualTo(Long.toString(clock.instant().getEpochSecond()));
        assertThat(String.valueOf(claims.get("exp")))
                .isEqualTo(Long.toString(clock.instant().getEpochSecond() + 300));
        assertThat(Json.object(claims.get(NAMESPACE)))
                .containsEntry("aws_account", "123456789012")
                .containsEntry("source_region", "eu-west-1")
                .doesNotContainKey("request_tags");
        assertThat(verified(issuer, token)).isTrue();
        assertThat(verified(
                        issuer,
                        token.substring(0, token.lastIndexOf('.') - 3) + "AAA."
                                + token.substring(token.lastIndexOf('.') + 1)))
                .isFalse();
    }

    /** Finds the key as a relying party does. */
    private static boolean verified(URI issuer, String token) throws Exception {
        Http.Reply configuration = Http.send("GET", issuer + "/.well-known/openid-configuration", Map.of(), null);
        assertThat(configuration.text("issuer")).isEqualTo(issuer.toString());
        Http.Reply keys = Http.send("GET", configuration.text("jwks_uri"), Map.of(), null);
        Map<String, ?> header = part(token, 0);
        boolean curve = "ES384".equals(header.get("alg"));
        Signature signature = Signature.getInstance(curve ? "SHA384withECDSAinP1363Format" : "SHA256withRSA");
        int dot = token.lastIndexOf('.');
        for (int i = 0; i < 2; i++) {
            if (keys.text("keys", Integer.toString(i), "kid").equals(header.get("kid"))) {
                Map<String, ?> jwk = Json.object(keys.at("keys", Integer.toString(i)));
                signature.initVerify(curve ? curveKey(jwk) : rsaKey(jwk));
                signature.update(token.substring(0, dot).getBytes(US_ASCII));
                return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
            }
        }
        throw new AssertionError("no such key");
    }

    private static BigInteger number(Map<String, ?> jwk, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(String.valueOf(jwk.get(name))));
    }

    private static PublicKey rsaKey(Map<String, ?> jwk) throws Exception {
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
    }

    private static PublicKey curveKey(Map<String, ?> jwk) throws Exception {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp384r1"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(number(jwk, "x"), number(jwk, "y")),
                        parameters.getParameterSpec(ECParameterSpec.class)));
    }

    @Test
    void severalAudiencesTagsAndUsers() throws Exception {
        sts.enableOutboundFederation();

        Http.Reply reply = ask(
                sts.createUserKey("admin"),
                AUDIENCE + "&Audience.member.2=b&SigningAlgorithm=RS256&DurationSeconds=60"
                        + "&Tags.member.1.Key=team&Tags.member.1.Value=shop&Tags.member.2.Key=empty");

        assertThat(reply.status()).isEqualTo(200);
        Map<String, ?> claims = part(element(reply.body(), "WebIdentityToken"), 1);
        assertThat(claims.get("aud")).isEqualTo(List.of("https://vault.example.com", "b"));
        assertThat(claims.get("sub")).isEqualTo("arn:aws:iam::123456789012:user/admin");
        assertThat(Json.object(claims.get(NAMESPACE)).get("request_tags"))
                .isEqualTo(Map.of("team", "shop", "empty", ""));
    }

    @Test
    void refusesUntilItIsEnabled() throws Exception {
        Http.Reply reply = ask(session, AUDIENCE + "&SigningAlgorithm=RS256");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).contains("<Code>OutboundWebIdentityFederationDisabledException</Code>");
    }

    @Test
    void refusesTokensThatOutliveTheSession() throws Exception {
        sts.enableOutboundFederation();
        clock.advance(Duration.ofMinutes(58));

        Http.Reply reply = ask(session, AUDIENCE + "&SigningAlgorithm=RS256&DurationSeconds=121");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).contains("<Code>SessionDurationEscalationException</Code>");
        assertThat(ask(session, AUDIENCE + "&SigningAlgorithm=RS256&DurationSeconds=120")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "&SigningAlgorithm=RS256,'audience'",
        "&Audience.member.1=a,'signingAlgorithm'",
        "&Audience.member.1=a&SigningAlgorithm=HS256,'signingAlgorithm'",
        "&Audience.member.1=a&SigningAlgorithm=none,'signingAlgorithm'",
        "&Audience.member.1=&SigningAlgorithm=RS256,'audience.1.member'",
        "&Audience.member.1=a&SigningAlgorithm=RS256&DurationSeconds=59,greater than or equal to 60",
        "&Audience.member.1=a&SigningAlgorithm=RS256&DurationSeconds=3601,less than or equal to 3600",
        "&Audience.member.1=a&SigningAlgorithm=RS256&Tags.member.1.Key=,'tags.1.member.key'"
    })
    void checksWhatIsAsked(String fields, String message) throws Exception {
        sts.enableOutboundFederation();

        Http.Reply reply = ask(session, fields);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("<Code>ValidationError</Code>", message.replace("'", ""));
    }

    @ParameterizedTest
    @CsvSource({"sts.amazonaws.com,us-east-1,400", "sts.us-east-1.amazonaws.com,us-east-1,200"})
    void theGlobalEndpointDoesNotHaveIt(String host, String region, int status) throws Exception {
        sts.enableOutboundFederation();
        String body = "Action=GetWebIdentityToken&Version=2011-06-15&SigningAlgorithm=RS256" + AUDIENCE;
        HeaderList headers = new HeaderList();
        new TestSigner(session)
                .region(region)
                .at(clock.instant())
                .sign(host, body)
                .forEach(headers::add);

        HttpAnswer answer = HttpCall.send(
                sts.endpoint(), host, new HttpRequest("POST", "/", "", headers, body.getBytes(StandardCharsets.UTF_8)));

        assertThat(answer.status()).isEqualTo(status);
    }
}
