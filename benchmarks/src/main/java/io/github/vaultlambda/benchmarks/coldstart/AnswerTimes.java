package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.HandWrittenProgram;
import io.github.vaultlambda.benchmarks.programs.HandWrittenTrust;
import io.github.vaultlambda.benchmarks.report.Spread;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * How long a warm client waits for the stand-in: the part of a measured start that is not the program's own, and more than
 * that, since the client's work is in it. Over TLS each login is made on a new connection, with a whole handshake.
 *
 * @param login milliseconds
 * @param read milliseconds
 */
record AnswerTimes(double login, double read) {
    private static final int WARM_UP = 150;
    private static final int MEASURED = 50;

    /** Asks often enough to warm both sides, then takes medians. */
    static AnswerTimes measure(Map<String, String> environment) throws IOException, GeneralSecurityException {
        double[] logins = new double[MEASURED];
        double[] reads = new double[MEASURED];
        for (int i = -WARM_UP; i < MEASURED; i++) {
            connectAnew(environment.get("VAULT_CACERT"));
            long start = System.nanoTime();
            String token = HandWrittenProgram.login(environment);
            long between = System.nanoTime();
            HandWrittenProgram.read(environment, token);
            if (i >= 0) {
                logins[i] = (between - start) / 1e6;
                reads[i] = (System.nanoTime() - between) / 1e6;
            }
        }
        return new AnswerTimes(Spread.of(logins).median(), Spread.of(reads).median());
    }

    /** The JDK keeps connections and TLS sessions per socket factory. */
    private static void connectAnew(@Nullable String authority) throws IOException, GeneralSecurityException {
        if (authority != null) {
            HttpsURLConnection.setDefaultSSLSocketFactory(HandWrittenTrust.of(authority));
        }
    }
}
