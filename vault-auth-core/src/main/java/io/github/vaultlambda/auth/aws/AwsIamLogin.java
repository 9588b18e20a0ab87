package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.LoginExchange;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Login with Vault's AWS auth method, type {@code iam}: a signed {@code sts:GetCallerIdentity} request is handed to Vault,
 * which sends it to STS and so learns who signed it. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method">Vault: AWS IAM auth method</a>
 */
public final class AwsIamLogin implements LoginMethod {
    private static final String FORM = "Action=GetCallerIdentity&Version=" + StsRequest.API_VERSION;

    private final AwsIamOptions options;
    private final AwsCredentialsSource credentials;
    private final InstantSource clock;

    /** Logs in as the options say, with credentials from this source. */
    public AwsIamLogin(AwsIamOptions options, AwsCredentialsSource credentials, InstantSource clock) {
        this.options = options;
        this.credentials = credentials;
        this.clock = clock;
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        VaultRequest request = VaultRequest.repeatablePut("auth/" + options.mount() + "/login", body(deadline));
        try {
            return LoginExchange.send(vault, request, deadline);
        } catch (VaultUnavailableException failure) {
            throw LoginRefusal.isOfAnotherType(failure) ? LoginRefusal.of(failure, options) : failure;
        } catch (VaultRequestException | VaultPermissionException | VaultNotFoundException refused) {
            if (refused.status() < 400) {
                throw refused; // a redirect that is not followed, of which the auth method knows nothing
            }
            VaultException refusal = LoginRefusal.of(refused, options);
            if (refusal instanceof AwsCredentialsRejectedException) {
                credentials.forget(); // so that the next login has others, where there are any
            }
            throw refusal;
        }
    }

    private SecretValue body(Deadline deadline) {
        return body(options, credentials.credentials(deadline), clock.instant());
    }

    static SecretValue body(AwsIamOptions options, AwsCredentials credentials, Instant now) {
        StsEndpoint sts = options.stsEndpoint();
        StsRequest signed = StsRequest.signed(sts, sts.host(), FORM, options.iamServerId(), credentials, now);
        Map<String, SecretValue> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : signed.headers().entrySet()) {
            headers.put(header.getKey(), SecretValue.of(List.of(SecretValue.of(header.getValue()))));
        }
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("role", SecretValue.of(options.role()));
        body.put("iam_http_request_method", SecretValue.of("POST"));
        body.put("iam_request_url", base64(sts.uri().toString().getBytes(UTF_8)));
        body.put("iam_request_body", base64(signed.body()));
        body.put(
                "iam_request_headers",
                base64(SecretValue.of(headers).revealJson().getBytes(UTF_8)));
        return SecretValue.of(body);
    }

    private static SecretValue base64(byte[] bytes) {
        return SecretValue.of(Base64.getEncoder().encodeToString(bytes));
    }

    @Override
    public void loadAhead() {
        SigningAhead.signForNobody();
    }

    @Override
    public void forget() {
        credentials.forget();
    }

    @Override
    public String describe() {
        return options.toString();
    }

    /** As {@link #describe}. */
    @Override
    public String toString() {
        return describe();
    }
}
