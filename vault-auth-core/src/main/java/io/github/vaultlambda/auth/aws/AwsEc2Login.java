package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.LoginExchange;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Login with Vault's AWS auth method, type {@code ec2}: the signed document with which EC2 says who the instance is, and a nonce
 * that binds the instance to its first login. The document is fetched at each login. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/aws#ec2-auth-method">Vault: AWS EC2 auth method</a>
 */
public final class AwsEc2Login implements LoginMethod {
    private static final String PATH = "/latest/dynamic/instance-identity/";
    private static final String ABSENCE = "EC2 has no identity document of this instance";

    private final AwsEc2Options options;
    private final InstanceMetadata metadata;
    private final Ec2Nonce nonce;

    /** Logs in as the options say. */
    public AwsEc2Login(AwsEc2Options options, Platform platform) {
        this.options = options;
        this.metadata = new InstanceMetadata(options.metadataAddress(), platform);
        this.nonce = new Ec2Nonce(options.nonce(), options.nonceFile());
    }

    /** A login as the variables of {@link AwsEc2Options#read} say. */
    public static AwsEc2Login read(EnvironmentSettings settings, Platform platform) {
        return new AwsEc2Login(AwsEc2Options.read(settings), platform);
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        // May be sent twice without harm: the nonce is ours, so Vault knows the second for the first.
        VaultRequest request = VaultRequest.repeatablePut("auth/" + options.mount() + "/login", body(deadline));
        try {
            return LoginExchange.send(vault, request, deadline);
        } catch (VaultRequestException | VaultPermissionException | VaultNotFoundException refused) {
            if (refused.status() < 400) {
                throw refused; // a redirect that is not followed, of which the auth method knows nothing
            }
            throw Ec2Refusal.of(refused, options);
        } catch (VaultUnavailableException failed) {
            throw Ec2Refusal.isUnverified(failed) ? Ec2Refusal.of(failed, options) : failed;
        }
    }

    @Override
    public void forget() {
        metadata.forget();
    }

    private SecretValue body(Deadline deadline) {
        InstanceMetadata.Session session = metadata.open("No login of " + options, deadline);
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("role", SecretValue.of(options.role()));
        body.put("nonce", nonce.value());
        switch (options.proof()) {
            case PKCS7 -> body.put("pkcs7", SecretValue.of(oneLine(session.text(PATH + "pkcs7", ABSENCE))));
            case IDENTITY -> {
                byte[] document = session.get(PATH + "document", ABSENCE).body();
                body.put("identity", SecretValue.of(Base64.getEncoder().encodeToString(document)));
                body.put("signature", SecretValue.of(oneLine(session.text(PATH + "signature", ABSENCE))));
            }
        }
        return SecretValue.of(body);
    }

    /** Base64 without the line breaks that EC2 puts in. */
    private static String oneLine(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = 0;
        for (byte b : bytes) {
            if (b != '\n' && b != '\r') {
                bytes[length++] = b;
            }
        }
        return new String(bytes, 0, length, UTF_8);
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
