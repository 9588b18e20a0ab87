package io.github.vaultlambda.testkit.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests and signatures that AWS publishes as the test suite of Signature Version 4. */
class SigV4VerifierTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String DATE = "20150830T123600Z";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "get-vanilla|/||5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "get-vanilla-query-order-key-case|/|Param2=value2&Param1=value1|b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
                "get-vanilla-empty-query-key|/|Param1=value1|a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
                "get-slash|//||5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "get-slash-dot-slash|/./||5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "get-relative-relative|/example1/example2/../..||5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "get-utf8|/\u1234||8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"
            })
    void getRequests(String name, String path, String query, String signature) throws Exception {
        HttpRequest request =
                request("GET", path, query == null ? "" : query, headers(), "host;x-amz-date", "", signature);

        assertThat(verifies(request)).isTrue();
    }

    @Test
    void headerValuesAreTrimmed() throws Exception {
        HeaderList headers = headers().add("My-Header1", "value1").add("My-Header2", "\"a   b   c\"");

        assertThat(verifies(request(
                        "GET",
                        "/",
                        "",
                        headers,
                        "host;my-header1;my-header2;x-amz-date",
                        "",
                        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")))
                .isTrue();
    }

    @Test
    void repeatedHeadersAreJoined() throws Exception {
        HeaderList headers = new HeaderList()
                .add("Host", "example.amazonaws.com")
                .add("My-Header1", "value2")
                .add("My-Header1", "value2")
                .add("My-Header1", "value1")
                .add("X-Amz-Date", DATE);

        assertThat(verifies(request(
                        "GET",
                        "/",
                        "",
                        headers,
                        "host;my-header1;x-amz-date",
                        "",
                        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea")))
                .isTrue();
    }

    @Test
    void postVanilla() throws Exception {
        assertThat(verifies(request(
                        "POST",
                        "/",
                        "",
                        headers(),
                        "host;x-amz-date",
                        "",
                        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")))
                .isTrue();
    }

    @Test
    void postHeaderKeySort() throws Exception {
        assertThat(verifies(request(
                        "POST",
                        "/",
                        "",
                        headers().add("My-Header1", "value1"),
                        "host;my-header1;x-amz-date",
                        "",
                        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c")))
                .isTrue();
    }

    @Test
    void postForm() throws Exception {
        HttpRequest request = request(
                "POST",
                "/",
                "",
                headers().add("Content-Type", "application/x-www-form-urlencoded"),
                "content-type;host;x-amz-date",
                "Param1=value1",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");

        assertThat(verifies(request)).isTrue();
        assertThat(SigV4Verifier.matches(request, SigV4Claim.of(request), SECRET + "x"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/,'',Param1=value1",
        "POST,/x,'',Param1=value1",
        "POST,/,a=b,Param1=value1",
        "POST,/,'',Param1=value2"
    })
    void everyPartIsSigned(String method, String path, String query, String body) throws Exception {
        HttpRequest changed = request(
                method,
                path,
                query,
                headers().add("Content-Type", "application/x-www-form-urlencoded"),
                "content-type;host;x-amz-date",
                body,
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");

        assertThat(verifies(changed)).isFalse();
    }

    private static boolean verifies(HttpRequest request) throws Exception {
        return SigV4Verifier.matches(request, SigV4Claim.of(request), SECRET);
    }

    private static HeaderList headers() {
        return new HeaderList().add("Host", "example.amazonaws.com").add("X-Amz-Date", DATE);
    }

    private static HttpRequest request(
            String method,
            String path,
            String query,
            HeaderList headers,
            String signedHeaders,
            String body,
            String signature) {
        headers.add(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
                        + signedHeaders + ", Signature=" + signature);
        return new HttpRequest(method, path, query, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
