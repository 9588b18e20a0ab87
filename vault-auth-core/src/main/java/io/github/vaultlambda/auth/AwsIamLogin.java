package io.github.vaultlambda.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.StsEndpoint;
import io.github.vaultlambda.config.VaultConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Login with Vault's AWS auth method, type {@code iam}: a signed {@code sts:GetCallerIdentity} request is handed to Vault,
 * which sends it to STS and so learns who signed it. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method">Vault: AWS IAM auth method</a>
 */
public final class AwsIamLogin implements LoginMethod {
    private static final String FORM = "Action=GetCallerIdentity&Version=" + StsRequest.API_VERSION;

    private final String mount;
    private final String role;
    private final @Nullable String iamServerId;
    private final StsEndpoint sts;
    private final AwsCredentialsSource credentials;
    private final InstantSource clock;

    /** Logs in as the configuration says, with credentials from this source. */
    public AwsIamLogin(VaultConfig config, AwsCredentialsSource credentials, InstantSource clock) {
        this.mount = config.authMount();
        this.role = config.authRole();
        this.iamServerId = config.iamServerId();
        this.sts = config.stsEndpoint();
        this.credentials = credentials;
        this.clock = clock;
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        VaultRequest request = VaultRequest.repeatablePut("auth/" + mount + "/login", body(deadline));
        VaultResponse response;
        try {
            response = vault.send(request, null, deadline);
        } catch (VaultRequestException | VaultPermissionException | VaultNotFoundException refused) {
            throw LoginRefusal.of(refused, this, sts);
        }
        return token(request, response);
    }

    private SecretValue body(Deadline deadline) {
        StsRequest signed = StsRequest.signed(
                sts, sts.host(), FORM, iamServerId, credentials.credentials(deadline), clock.instant());
        Map<String, SecretValue> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : signed.headers().entrySet()) {
            headers.put(header.getKey(), SecretValue.of(List.of(SecretValue.of(header.getValue()))));
        }
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("role", SecretValue.of(role));
        body.put("iam_http_request_method", SecretValue.of("POST"));
        body.put("iam_request_url", base64(sts.uri().toString().getBytes(UTF_8)));
        body.put("iam_request_body", base64(signed.body()));
        body.put(
                "iam_request_headers",
                base64(SecretValue.of(headers).revealJson().getBytes(UTF_8)));
        return SecretValue.of(body);
    }

    private VaultToken token(VaultRequest request, VaultResponse response) {
        SecretValue auth = response.auth();
        String token = auth == null ? null : auth.text("client_token");
        if (auth == null || token == null || token.isEmpty()) {
            throw new VaultLoginException(
                    "Vault accepted " + request + " but sent no token",
                    response.status(),
                    request.path(),
                    List.of(),
                    "check that " + mount + " is an auth method of type aws",
                    null);
        }
        return new VaultToken(
                SecretValue.of(token),
                auth.text("accessor"),
                response.requestedAt(),
                Duration.ofSeconds(Math.max(0, auth.number("lease_duration", 0))),
                auth.isTrue("renewable"));
    }

    private static SecretValue base64(byte[] bytes) {
        return SecretValue.of(Base64.getEncoder().encodeToString(bytes));
    }

    String mount() {
        return mount;
    }

    String role() {
        return role;
    }

    @Nullable
    String iamServerId() {
        return iamServerId;
    }

    @Override
    public String describe() {
        return "role " + role + " at auth/" + mount + " (AWS IAM, signed for " + sts.host() + " in "
                + sts.signingRegion() + ")";
    }

    /** As {@link #describe}. */
    @Override
    public String toString() {
        return describe();
    }
}
