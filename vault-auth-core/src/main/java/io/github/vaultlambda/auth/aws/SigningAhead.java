package io.github.vaultlambda.auth.aws;

import java.time.Instant;

/**
 * Signs something in a thread of its own, once in a process. What a first signature loads, above all the JDK's security providers,
 * takes a fresh process some 15 ms; begun while the configuration is read, it is there when the first login asks for it. Touches
 * neither network nor credentials.
 */
public final class SigningAhead implements Runnable {
    private static boolean begun;

    private SigningAhead() {}

    /** Begins, unless it was done before. Returns at once. */
    public static void begin() {
        synchronized (SigningAhead.class) {
            if (begun) {
                return;
            }
            begun = true;
        }
        Thread thread = new Thread(new SigningAhead(), "vault-signing-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        signForNobody();
    }

    static void signForNobody() {
        AwsIamLogin.body(AwsIamOptions.of("nobody"), AwsCredentials.of("nobody", "nothing", "nothing"), Instant.EPOCH);
    }
}
