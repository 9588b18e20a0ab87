package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Logins of type ec2: the first of an instance is trusted, later ones must know its nonce. */
final class AwsEc2Logins {
    private static final String AREA = "identity-accesslist/";
    private static final String DISABLED = "reauthentication-disabled-nonce";

    private record Seen(
            String role,
            String nonce,
            boolean disallowed,
            String pendingTime,
            Instant created,
            Instant updated,
            Instant expires) {}

    private final LoginTokens tokens;
    private final InstantSource clock;
    private final Ec2Instances instances;
    private final AwsCertificates certificates;
    private final Function<String, @Nullable AwsRoleEntry> roles;
    private final TreeMap<String, Seen> seen = new TreeMap<>();

    AwsEc2Logins(
            LoginTokens tokens,
            InstantSource clock,
            Ec2Instances instances,
            AwsCertificates certificates,
            Function<String, @Nullable AwsRoleEntry> roles) {
        this.tokens = tokens;
        this.clock = clock;
        this.instances = instances;
        this.certificates = certificates;
        this.roles = roles;
    }

    static boolean serves(String rest) {
        return rest.startsWith(AREA);
    }

    VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        String id = rest.substring(AREA.length());
        if (id.isEmpty() && call.operation() == Operation.LIST) {
            return KeyTree.answer(new ArrayList<>(seen.keySet()));
        }
        switch (call.operation()) {
            case READ -> {
                Seen entry = seen.get(id);
                if (entry == null) {
                    throw VaultFailure.absent();
                }
                Map<String, @Nullable Object> data = new TreeMap<>();
                data.put("client_nonce", entry.nonce());
                data.put("creation_time", entry.created().toString());
                data.put("disallow_reauthentication", entry.disallowed());
                data.put("expiration_time", entry.expires().toString());
                data.put("last_updated_time", entry.updated().toString());
                data.put("pending_time", entry.pendingTime());
                data.put("role", entry.role());
                return VaultAnswer.data(data);
            }
            case DELETE -> {
                seen.remove(id);
                return VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        }
    }

    VaultAnswer login(Fields fields) throws VaultFailure {
        InstanceIdentity identity = identity(fields);
        String roleName = fields.text("role").isEmpty() ? identity.ami() : fields.text("role");
        AwsRoleEntry role = roles.apply(roleName.toLowerCase(Locale.ROOT));
        if (role == null) {
            throw VaultFailure.bad("entry for role \"" + roleName + "\" not found");
        }
        if (!role.authType().equals("ec2")) {
            throw VaultFailure.bad("auth method ec2 not allowed for role " + roleName);
        }
        checkInstance(identity, role, roleName);
        boolean given = fields.has("nonce");
        boolean disallowed =
                role.noReauthentication() || (given && fields.text("nonce").isEmpty());
        String nonce = given && fields.text("nonce").isEmpty() ? DISABLED : fields.text("nonce");
        Seen before = seen.get(identity.instanceId());
        if (before != null) {
            checkAgain(nonce, identity, before, role);
            disallowed |= before.disallowed();
        }
        if (!given) {
            nonce = Mint.secret("");
        }
        if (nonce.length() > 128 && !disallowed) {
            throw VaultFailure.bad("client nonce exceeding the limit of 128 characters");
        }
        Instant now = clock.instant();
        seen.put(
                identity.instanceId(),
                new Seen(
                        before == null ? roleName : before.role(),
                        disallowed ? "" : before == null ? nonce : before.nonce(),
                        disallowed,
                        identity.pendingTime(),
                        before == null ? now : before.created(),
                        now,
                        now.plusSeconds(TokenStore.SYSTEM_TTL)));
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("account_id", identity.account());
        metadata.put("auth_type", "ec2");
        metadata.put("role", roleName);
        metadata.put("role_tag_max_ttl", "0s");
        if (!disallowed && !given) {
            metadata.put("nonce", nonce);
        }
        return tokens.issue(
                new LoginTokens.Subject(role.roleId(), "", metadata), role.token(), "login", peer -> renewal(identity));
    }

    private InstanceIdentity identity(Fields fields) throws VaultFailure {
        byte[] document = decoded(fields.text("identity"), "the instance identity document");
        byte[] signature =
                decoded(fields.text("signature"), "the SHA256 RSA signature of the instance identity document");
        String pkcs7 = fields.text("pkcs7");
        boolean both = document.length > 0 && signature.length > 0;
        if (pkcs7.isEmpty() && document.length == 0 && signature.length == 0) {
            throw VaultFailure.bad(
                    "either pkcs7 or a tuple containing the instance identity document and its SHA256 RSA"
                            + " signature needs to be provided");
        }
        if (!pkcs7.isEmpty() && both) {
            throw VaultFailure.bad("both pkcs7 and a tuple containing the instance identity document and its SHA256 RSA"
                    + " signature is supplied; provide only one");
        }
        if (!pkcs7.isEmpty()) {
            return InstanceIdentity.of(Pkcs7.content(pkcs7, certificates.ofType("pkcs7")));
        }
        return certificates.verified(document, signature);
    }

    private static byte[] decoded(String text, String what) throws VaultFailure {
        try {
            // As Go's decoder, which passes over line ends and over nothing else.
            return Base64.getDecoder().decode(text.replace("\r", "").replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw VaultFailure.bad("failed to base64 decode " + what);
        }
    }

    private void checkInstance(InstanceIdentity identity, AwsRoleEntry role, String roleName) throws VaultFailure {
        String ami;
        try {
            ami = instances.image(identity);
        } catch (TokenException e) {
            throw VaultFailure.bad("failed to verify instance ID: " + e.fault());
        }
        if (!role.allows("bound_region", identity.region())) {
            throw VaultFailure.bad("Region \"" + identity.region() + "\" does not satisfy the constraint on role \""
                    + roleName + "\"");
        }
        String fault = null;
        if (!role.allows("bound_ec2_instance_id", identity.instanceId())) {
            fault = "instance ID \"" + identity.instanceId() + "\" does not belong to the role \"";
        } else if (!role.allows("bound_account_id", identity.account())) {
            fault = "account ID \"" + identity.account() + "\" does not belong to role \"";
        } else if (!role.allows("bound_ami_id", ami)) {
            fault = "AMI ID \"" + ami + "\" does not belong to role \"";
        }
        if (fault != null) {
            throw VaultFailure.bad("Error validating instance: " + fault + roleName + "\"");
        }
    }

    private static void checkAgain(String nonce, InstanceIdentity identity, Seen before, AwsRoleEntry role)
            throws VaultFailure {
        if (before.disallowed() || nonce.equals(DISABLED)) {
            throw VaultFailure.bad("reauthentication is disabled");
        }
        Instant given = pending(identity.pendingTime());
        Instant known = pending(before.pendingTime());
        if (!nonce.equals(before.nonce())) {
            if (!role.migration()) {
                throw VaultFailure.bad("client nonce mismatch");
            }
            if (!given.isAfter(known)) {
                throw VaultFailure.bad("client nonce mismatch and instance meta-data incorrect");
            }
        }
        if (given.isBefore(known)) {
            throw VaultFailure.bad("instance meta-data is older than the one used for previous login");
        }
    }

    private static Instant pending(String text) throws VaultFailure {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw VaultFailure.bad("parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \""
                    + text + "\" as \"2006\"");
        }
    }

    private TokenEntry.Lifetime renewal(InstanceIdentity identity) throws VaultFailure {
        String fault;
        try {
            instances.image(identity);
            Seen entry = seen.get(identity.instanceId());
            AwsRoleEntry role = entry == null ? null : roles.apply(entry.role().toLowerCase(Locale.ROOT));
            if (role != null) {
                return role.token().lifetime();
            }
            fault = entry == null
                    ? "failed to verify the access list identity entry for instance ID: \"" + identity.instanceId()
                            + "\""
                    : "role entry not found";
        } catch (TokenException e) {
            fault = "failed to verify instance ID \"" + identity.instanceId() + "\": " + e.fault();
        }
        throw VaultFailure.wrapped(500, "failed to renew entry: " + fault);
    }
}
