package io.github.vaultlambda.benchmarks.warm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.client.SecretValue;
import java.net.URI;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The request of a login, signed by the AWS SDK. */
final class SdkSignedRequest {
    static final byte[] BODY = "Action=GetCallerIdentity&Version=2011-06-15".getBytes(UTF_8);

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsIdentity identity;

    SdkSignedRequest(AwsCredentials credentials) {
        SecretValue token = credentials.sessionToken();
        this.identity = AwsSessionCredentialsIdentity.create(
                credentials.accessKeyId(), credentials.secretAccessKey().reveal(), token == null ? "" : token.reveal());
    }

    SdkHttpRequest sign() {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("https://sts.amazonaws.com/"))
                .putHeader("Host", "sts.amazonaws.com")
                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .putHeader("X-Vault-AWS-IAM-Server-ID", "vault.example.com")
                .build();
        return signer.sign(signing -> signing.identity(identity)
                        .request(request)
                        .payload(ContentStreamProvider.fromByteArray(BODY))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"))
                .request();
    }
}
