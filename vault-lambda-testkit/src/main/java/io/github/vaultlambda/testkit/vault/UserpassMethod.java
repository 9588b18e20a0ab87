package io.github.vaultlambda.testkit.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The userpass auth method. */
final class UserpassMethod implements LoginMethod {
    private record User(String password, TokenParams token) {}

    private final LoginTokens tokens;
    private final UserLockout lockout;
    private final TreeMap<String, User> users = new TreeMap<>();

    UserpassMethod(LoginTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.lockout = new UserLockout(clock);
    }

    @Override
    public String type() {
        return "userpass";
    }

    @Override
    public boolean exists(String rest) {
        String[] parts = rest.split("/", -1);
        return parts.length != 2 || !parts[0].equals("users") || users.containsKey(lower(parts[1]));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (rest.equals("users/") || rest.equals("users")) {
            if (call.operation() != Operation.LIST) {
                throw Backend.unsupportedOperation();
            }
            return KeyTree.answer(new ArrayList<>(users.keySet()));
        }
        String[] parts = rest.split("/", -1);
        if (parts[0].equals("users") && parts.length == 2) {
            return user(call, lower(parts[1]));
        }
        if (parts[0].equals("users")
                && parts.length == 3
                && List.of("password", "policies").contains(parts[2])) {
            return change(call, lower(parts[1]), parts[2].equals("password"));
        }
        throw Backend.unsupportedPath();
    }

    private VaultAnswer user(VaultCall call, String name) throws VaultFailure {
        switch (call.operation()) {
            case READ -> {
                User user = users.get(name);
                if (user == null) {
                    throw VaultFailure.absent();
                }
                Map<String, @Nullable Object> data = new TreeMap<>();
                user.token().describe(data);
                return VaultAnswer.data(data);
            }
            case DELETE -> {
                users.remove(name);
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                Fields fields = call.fields().ofRole();
                String password = password(fields, call.operation() == Operation.CREATE);
                User old = users.get(name);
                users.put(
                        name,
                        new User(
                                password.isEmpty() && old != null ? old.password() : password,
                                TokenParams.written(old == null ? TokenParams.NONE : old.token(), fields)));
                return VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        }
    }

    private static String password(Fields fields, boolean needed) throws VaultFailure {
        String password = fields.text("password");
        boolean hashed = !fields.text("password_hash").isEmpty();
        if (!password.isEmpty() && hashed) {
            throw VaultFailure.bad("\"password\" and \"password_hash\" cannot be supplied together");
        }
        if (hashed) {
            throw VaultFailure.bad("the Vault stand-in has no bcrypt; give it \"password\"");
        }
        if (password.isEmpty() && needed) {
            throw VaultFailure.bad("\"password\" or \"password_hash\" must be supplied");
        }
        return password;
    }

    private VaultAnswer change(VaultCall call, String name, boolean password) throws VaultFailure {
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        String given = password ? password(call.fields(), true) : "";
        User user = users.get(name);
        if (user == null) {
            throw VaultFailure.wrapped(500, "username does not exist");
        }
        users.put(
                name,
                password
                        ? new User(given, user.token())
                        : new User(user.password(), TokenParams.written(user.token(), call.fields())));
        return VaultAnswer.none();
    }

    @Override
    public boolean login(String rest) {
        return rest.startsWith("login/") && rest.indexOf('/', "login/".length()) < 0 && rest.length() > 6;
    }

    @Override
    public Login begin(VaultCall call, String rest) throws VaultFailure {
        LoginMethod.requireWrite(call);
        String name = lower(rest.substring("login/".length()));
        lockout.check(name);
        String password = call.fields().text("password");
        if (password.isEmpty()) {
            lockout.failed(name);
            throw VaultFailure.bad("invalid credentials");
        }
        User user = users.get(name);
        if (user == null || !same(user.password(), password)) {
            if (user != null) {
                lockout.failed(name);
            }
            throw VaultFailure.bad("invalid username or password");
        }
        lockout.passed(name);
        List<String> policies = user.token().policies();
        return () -> tokens.issue(
                new LoginTokens.Subject(name, name, Map.of("username", name)),
                user.token(),
                rest,
                peer -> renewal(name, policies));
    }

    private static boolean same(String one, String two) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), two.getBytes(StandardCharsets.UTF_8));
    }

    private TokenEntry.@Nullable Lifetime renewal(String name, List<String> policies) throws VaultFailure {
        User user = users.get(name);
        if (user == null) {
            return null;
        }
        if (!user.token().policies().equals(policies)) {
            throw VaultFailure.wrapped(500, "failed to renew entry: policies have changed, not renewing");
        }
        return user.token().lifetime();
    }
}
