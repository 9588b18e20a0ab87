package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.config.EnvironmentSettings;

/** The path of an auth method after {@code auth/}, as users write it. */
public final class LoginMount {
    private static final String VARIABLE = "VAULT_AUTH_PROVIDER";

    private LoginMount() {}

    /** The path without doubled slashes and without any at its ends. */
    public static String tidy(String path) {
        StringBuilder tidy = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || (tidy.length() > 0 && tidy.charAt(tidy.length() - 1) != '/')) {
                tidy.append(c);
            }
        }
        int length = tidy.length();
        if (length > 0 && tidy.charAt(length - 1) == '/') {
            tidy.setLength(length - 1);
        }
        return tidy.toString();
    }

    /** The mount in {@code VAULT_AUTH_PROVIDER}; a missing one is a fault, whose text ends with {@code fix}. */
    public static String readRequired(EnvironmentSettings settings, String fix) {
        return checked(settings, settings.requiredText(VARIABLE, fix), fix);
    }

    /** The mount in {@code VAULT_AUTH_PROVIDER}, or {@code otherwise} when it is unset. */
    public static String read(EnvironmentSettings settings, String otherwise) {
        String path = settings.text(VARIABLE);
        return path == null
                ? otherwise
                : checked(settings, path, "set it to the path of the auth method in Vault, usually " + otherwise);
    }

    private static String checked(EnvironmentSettings settings, String path, String fix) {
        String tidy = tidy(path);
        if (tidy.isEmpty() && !path.isEmpty()) {
            settings.fault(VARIABLE + " is \"" + path + "\": " + fix);
        }
        if (tidy.startsWith("auth/")) {
            settings.fault(VARIABLE + " is \"" + path + "\": leave auth/ out, every auth method lies below it");
        }
        return tidy;
    }
}
