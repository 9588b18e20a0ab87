package io.github.vaultlambda.testkit.sts;

import io.github.vaultlambda.testkit.wire.FormText;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Mint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The state of one AWS account's STS, and its answers to signed requests. Thread-safe. */
public final class StsService {
    /** Hears of every request. */
    @FunctionalInterface
    public interface Listener {
        /** A request was answered; action and ARN are empty when unknown. */
        void answered(String action, String principalArn, int status);
    }

    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final Duration AHEAD = Duration.ofMinutes(15);
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]*");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]*");

    private final InstantSource clock;
    private final String account;
    private final Listener listener;
    private final Map<String, RoleState> roles = new ConcurrentHashMap<>();
    private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();
    private final Queue<StsFailure> failures = new ConcurrentLinkedQueue<>();
    private volatile @Nullable WebIdentityTokens tokens;

    public StsService(InstantSource clock, String account, Listener listener) {
        this.clock = clock;
        this.account = account;
        this.listener = listener;
    }

    /** Creates the role, or finds it; gives its ARN. */
    public String createRole(String name) {
        String arn = "arn:aws:iam::" + account + ":role/" + name;
        String bare = name.substring(name.lastIndexOf('/') + 1);
        roles.computeIfAbsent(arn, key -> new RoleState(bare, arn, Mint.awsId("AROA")));
        return arn;
    }

    /** A session of a known role; throws {@link IllegalArgumentException} for another one. */
    public AccessKey issueSession(String roleArn, String sessionName, Duration lifetime) {
        return issue(role(roleArn), sessionName, lifetime);
    }

    /** A user's long-term key. */
    public AccessKey createUserKey(String userName) {
        Caller user = new Caller("arn:aws:iam::" + account + ":user/" + userName, Mint.awsId("AIDA"), account, false);
        AccessKey key = new AccessKey(Mint.awsId("AKIA"), Mint.secret(""), null, Instant.MAX, user);
        keys.put(key.id(), key);
        return key;
    }

    /** From now on nobody may assume the role. */
    public void denyAssumeRole(String roleArn) {
        role(roleArn).assumeDenied = true;
    }

    /** From now on the role is assumed only with this external id. */
    public void requireExternalId(String roleArn, String externalId) {
        role(roleArn).externalId = externalId;
    }

    /** From now on sessions of the role may last so long. */
    public void maxSession(String roleArn, Duration longest) {
        role(roleArn).maxSession = longest;
    }

    /** The next requests are answered with this error; status 0 closes the connection. */
    public void failNext(int count, int status, String code, String text) {
        for (int i = 0; i < count; i++) {
            failures.add(new StsFailure(status, code, text));
        }
    }

    /** From now on GetWebIdentityToken works; gives the issuer, which lies below this address. */
    public synchronized String enableOutboundFederation(URI server) {
        WebIdentityTokens issuer = tokens;
        if (issuer == null) {
            issuer = new WebIdentityTokens(server);
            tokens = issuer;
        }
        return issuer.issuer();
    }

    /** The time by this STS's clock. */
    public Instant now() {
        return clock.instant();
    }

    /** The account. */
    public String account() {
        return account;
    }

    /** The name in the ARN of a known role. */
    public String roleName(String roleArn) {
        return role(roleArn).name;
    }

    /** Answers one request. */
    public HttpAnswer handle(HttpRequest request) {
        WebIdentityTokens issuer = tokens;
        HttpAnswer document = issuer != null && request.method().equals("GET") ? issuer.document(request.path()) : null;
        return document == null ? api(request) : document;
    }

    private HttpAnswer api(HttpRequest request) {
        String action = "";
        String principal = "";
        HttpAnswer answer;
        try {
            Map<String, List<String>> fields = new HashMap<>(FormText.parse(request.query()));
            if (request.method().equals("POST")) {
                fields.putAll(FormText.parse(new String(request.body(), StandardCharsets.UTF_8)));
            }
            action = one(fields, "Action");
            StsFailure injected = failures.poll();
            if (injected != null) {
                throw injected;
            }
            AccessKey key = authenticate(request);
            principal = key.caller().arn();
            answer = perform(request, action, one(fields, "Version"), fields, key);
        } catch (StsFailure failure) {
            answer = failure.status() == 0 ? HttpAnswer.dropped() : StsAnswers.failure(failure);
        }
        listener.answered(action, principal, answer.status());
        return answer;
    }

    private AccessKey authenticate(HttpRequest request) throws StsFailure {
        SigV4Claim claim = SigV4Claim.of(request);
        AccessKey key = keys.get(claim.accessKeyId());
        if (key == null || !tokenMatches(key.sessionToken(), claim.sessionToken())) {
            throw new StsFailure(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        }
        checkScope(request, claim);
        checkTime(claim);
        if (!claim.signedHeaders().contains("host")) {
            throw StsFailure.mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        if (!SigV4Verifier.matches(request, claim, key.secret())) {
            throw StsFailure.mismatch("The request signature we calculated does not match the signature you provided."
                    + " Check your AWS Secret Access Key and signing method. Consult the service documentation for"
                    + " details.");
        }
        if (!clock.instant().isBefore(key.expiration())) {
            throw new StsFailure(403, "ExpiredToken", "The security token included in the request is expired");
        }
        return key;
    }

    private static boolean tokenMatches(@Nullable String expected, @Nullable String got) {
        return expected == null ? got == null : expected.equals(got);
    }

    private static void checkScope(HttpRequest request, SigV4Claim claim) throws StsFailure {
        String host = request.headers().first("Host");
        if (!StsRegion.suits(host == null ? "" : host, claim.region())) {
            throw StsFailure.mismatch("Credential should be scoped to a valid region. ");
        }
        if (!claim.service().equals("sts") && !claim.service().equals("iam")) {
            throw StsFailure.mismatch("Credential should be scoped to correct service: 'sts'. ");
        }
        if (!claim.terminator().equals("aws4_request")) {
            throw StsFailure.mismatch("Credential should be scoped with a valid terminator: 'aws4_request', not '"
                    + claim.terminator() + "'. ");
        }
        String day = claim.timestamp().substring(0, 8);
        if (!claim.scopeDate().equals(day)) {
            throw StsFailure.mismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
                    + " from HTTP: '" + claim.scopeDate() + "' != '" + day + "', from '" + claim.timestamp() + "'.");
        }
    }

    private void checkTime(SigV4Claim claim) throws StsFailure {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Duration window = claim.presigned() ? Duration.ofSeconds(claim.lifetimeSeconds()) : WINDOW;
        if (claim.time().isBefore(now.minus(window))) {
            throw StsFailure.mismatch("Signature expired: " + claim.timestamp() + " is now earlier than "
                    + basic(now.minus(window)) + " (" + basic(now) + " - " + minutes(window) + " min.)");
        }
        if (claim.time().isAfter(now.plus(AHEAD))) {
            throw StsFailure.mismatch("Signature not yet current: " + claim.timestamp() + " is still later than "
                    + basic(now.plus(AHEAD)) + " (" + basic(now) + " + " + minutes(AHEAD) + " min.)");
        }
    }

    private static String basic(Instant time) {
        return SigV4Claim.BASIC.format(time);
    }

    private static long minutes(Duration duration) {
        return duration.toMinutes();
    }

    private HttpAnswer perform(
            HttpRequest request, String action, String version, Map<String, List<String>> fields, AccessKey key)
            throws StsFailure {
        Caller caller = key.caller();
        // The global endpoint does not have it.
        if (action.equals("GetWebIdentityToken")
                && version.equals("2011-06-15")
                && !StsRegion.isGlobal(request.headers().first("Host"))) {
            return webIdentityToken(request, fields, key);
        }
        String operation = action + " " + version;
        return switch (operation) {
            case "GetCallerIdentity 2011-06-15" -> StsAnswers.callerIdentity(caller);
            case "AssumeRole 2011-06-15" -> assumeRole(fields, caller);
            // Vault looks these up at its iam_endpoint for wildcard bindings.
            case "GetRole 2010-05-08" -> StsAnswers.getRole(roleNamed(one(fields, "RoleName")));
            case "GetUser 2010-05-08" -> StsAnswers.getUser(userNamed(one(fields, "UserName")));
            default ->
                throw new StsFailure(
                        400,
                        "InvalidAction",
                        "Could not find operation " + (action.isEmpty() ? "NO_ACTION_SPECIFIED" : action)
                                + " for version " + (version.isEmpty() ? "NO_VERSION_SPECIFIED" : version));
        };
    }

    private HttpAnswer assumeRole(Map<String, List<String>> fields, Caller caller) throws StsFailure {
        String arn = required(fields, "RoleArn");
        String session = required(fields, "RoleSessionName");
        checkSessionName(session);
        if (!arn.startsWith("arn:")) {
            throw invalid(arn + " is invalid");
        }
        long seconds = seconds(one(fields, "DurationSeconds"));
        if (caller.assumedRole() && seconds > 3600) {
            throw invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
                    + " chaining");
        }
        RoleState role = roles.get(arn);
        checkExternalId(one(fields, "ExternalId"));
        String externalId = role == null ? null : role.externalId;
        boolean allowed = role != null
                && !role.assumeDenied
                && (externalId == null || externalId.equals(one(fields, "ExternalId")));
        if (role == null || !allowed) {
            throw new StsFailure(
                    403,
                    "AccessDenied",
                    "User: " + caller.arn() + " is not authorized to perform: sts:AssumeRole on resource: " + arn);
        }
        if (seconds > role.maxSession.toSeconds()) {
            throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        return StsAnswers.assumeRole(issue(role, session, Duration.ofSeconds(seconds)));
    }

    private static void checkSessionName(String session) throws StsFailure {
        checkLength(session, "roleSessionName", 2, 64);
        if (!SESSION_NAME.matcher(session).matches()) {
            throw constraint(session, "roleSessionName", "satisfy regular expression pattern: [\\w+=,.@-]*");
        }
    }

    private static void checkExternalId(String id) throws StsFailure {
        if (id.isEmpty()) {
            return;
        }
        checkLength(id, "externalId", 2, 1224);
        if (!EXTERNAL_ID.matcher(id).matches()) {
            throw constraint(id, "externalId", "satisfy regular expression pattern: [\\w+=,.@:\\/-]*");
        }
    }

    private static void checkLength(String value, String member, int least, int most) throws StsFailure {
        if (value.length() < least) {
            throw constraint(value, member, "have length greater than or equal to " + least);
        }
        if (value.length() > most) {
            throw constraint(value, member, "have length less than or equal to " + most);
        }
    }

    private static StsFailure constraint(String value, String member, String must) {
        return invalid("1 validation error detected: Value '" + value + "' at '" + member
                + "' failed to satisfy constraint: Member must " + must);
    }

    private HttpAnswer webIdentityToken(HttpRequest request, Map<String, List<String>> fields, AccessKey key)
            throws StsFailure {
        List<String> audience = new ArrayList<>();
        for (int i = 1; fields.containsKey("Audience.member." + i); i++) {
            String one = one(fields, "Audience.member." + i);
            checkLength(one, "audience." + i + ".member", 1, 1000);
            audience.add(one);
        }
        if (audience.isEmpty()) {
            throw missing("audience");
        }
        if (audience.size() > 10) {
            throw constraint(audience.toString(), "audience", "have length less than or equal to 10");
        }
        String algorithm = required(fields, "SigningAlgorithm");
        checkLength(algorithm, "signingAlgorithm", 5, 5);
        if (!algorithm.equals("RS256") && !algorithm.equals("ES384")) {
            throw constraint(algorithm, "signingAlgorithm", "satisfy enum value set: [ES384, RS256]");
        }
        Map<String, String> tags = new LinkedHashMap<>();
        for (int i = 1; fields.containsKey("Tags.member." + i + ".Key"); i++) {
            String name = one(fields, "Tags.member." + i + ".Key");
            String value = one(fields, "Tags.member." + i + ".Value");
            checkLength(name, "tags." + i + ".member.key", 1, 128);
            checkLength(value, "tags." + i + ".member.value", 0, 256);
            tags.put(name, value);
        }
        if (tags.size() > 50) {
            throw constraint("tags", "tags", "have length less than or equal to 50");
        }
        long seconds = seconds(one(fields, "DurationSeconds"), 300, 60, 3600);
        WebIdentityTokens issuer = tokens;
        if (issuer == null) {
            throw new StsFailure(
                    403,
                    "OutboundWebIdentityFederationDisabledException",
                    "Outbound web identity federation is not enabled for this account");
        }
        Instant now = clock.instant();
        Instant end = now.plusSeconds(seconds);
        if (end.isAfter(key.expiration())) {
            throw new StsFailure(
                    403,
                    "SessionDurationEscalationException",
                    "The requested token would outlive the session that asks for it");
        }
        String token = issuer.token(
                algorithm,
                audience,
                tags,
                principal(key.caller()),
                account,
                SigV4Claim.of(request).region(),
                now,
                end);
        return StsAnswers.webIdentityToken(token, end);
    }

    /** The IAM role behind a session, or the user itself. */
    private String principal(Caller caller) {
        for (RoleState role : roles.values()) {
            if (caller.userId().startsWith(role.id + ":")) {
                return role.arn;
            }
        }
        return caller.arn();
    }

    private static long seconds(String text) throws StsFailure {
        return seconds(text, 3600, 900, 43200);
    }

    private static long seconds(String text, long usual, long least, long most) throws StsFailure {
        if (text.isEmpty()) {
            return usual;
        }
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new StsFailure(400, "MalformedInput", "DurationSeconds must be a number");
        }
        if (seconds < least || seconds > most) {
            throw constraint(
                    Long.toString(seconds),
                    "durationSeconds",
                    "have value "
                            + (seconds < least
                                    ? "greater than or equal to " + least
                                    : "less than or equal to " + most));
        }
        return seconds;
    }

    private AccessKey issue(RoleState role, String sessionName, Duration lifetime) {
        Caller caller = new Caller(
                "arn:aws:sts::" + account + ":assumed-role/" + role.name + "/" + sessionName,
                role.id + ":" + sessionName,
                account,
                true);
        Instant end = clock.instant().plus(lifetime);
        AccessKey key = new AccessKey(Mint.awsId("ASIA"), Mint.secret(""), Mint.secret("FwoG"), end, caller);
        keys.put(key.id(), key);
        return key;
    }

    private RoleState role(String arn) {
        RoleState role = roles.get(arn);
        if (role == null) {
            throw new IllegalArgumentException("no such role: " + arn + "; create it first");
        }
        return role;
    }

    private RoleState roleNamed(String name) throws StsFailure {
        for (RoleState role : roles.values()) {
            if (role.name.equals(name)) {
                return role;
            }
        }
        throw new StsFailure(404, "NoSuchEntity", "The role with name " + name + " cannot be found.");
    }

    private Caller userNamed(String name) throws StsFailure {
        for (AccessKey key : keys.values()) {
            if (key.caller().arn().endsWith(":user/" + name)) {
                return key.caller();
            }
        }
        throw new StsFailure(404, "NoSuchEntity", "The user with name " + name + " cannot be found.");
    }

    private static String required(Map<String, List<String>> fields, String name) throws StsFailure {
        String value = one(fields, name);
        if (value.isEmpty()) {
            String member = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
            throw missing(member);
        }
        return value;
    }

    private static StsFailure missing(String member) {
        return invalid("1 validation error detected: Value null at '" + member
                + "' failed to satisfy constraint: Member must not be null");
    }

    private static StsFailure invalid(String text) {
        return new StsFailure(400, "ValidationError", text);
    }

    private static String one(Map<String, List<String>> fields, String name) {
        List<String> values = fields.get(name);
        return values == null || values.isEmpty() ? "" : values.get(0);
    }
}
