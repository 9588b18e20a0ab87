package io.github.vaultlambda.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.benchmarks.vault.FakeVault;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How much of the heap kept secrets take: 1,000 of 1 KB each, in fields of 64 characters, every one handed out as text. In a JVM
 * of its own.
 */
final class MemoryProgram implements HttpTransport {
    private static final int SECRETS = 1_000;
    private static final int FIELDS = 16;
    private static final int FIELD_CHARS = 64;
    private static final double TARGET_MB = 4;
    private static final String FILLING = TestSecrets.mint("").substring(0, 16).repeat(4);

    private final HttpTransport login = new FakeVault();

    private MemoryProgram() {}

    /** Prints what the secrets take, and what their text alone would. */
    public static void main(String[] arguments) {
        VaultSession session = VaultSession.of(
                FakeVault.config(), FakeVault.login(), Platform.system().withTransport(new MemoryProgram()));
        VaultSecrets vault =
                VaultSecrets.builder(session).options(FakeVault.freshness()).build();
        for (int i = 0; i < 50; i++) { // all classes
            vault.secret("warm/" + i).get();
        }
        List<Secret<String>> secrets = new ArrayList<>(SECRETS);
        long before = used();
        long chars = 0;
        for (int i = 0; i < SECRETS; i++) {
            Secret<String> secret = vault.secret("kv/" + i + "#field1");
            chars += secret.get().length();
            secrets.add(secret);
        }
        double megabytes = (used() - before) / 1e6;
        if (chars != (long) SECRETS * FIELD_CHARS) {
            throw new IllegalStateException("something else was read");
        }
        double text = (double) SECRETS * FIELDS * FIELD_CHARS / 1e6;
        System.out.printf(
                Locale.ROOT,
                "heap for %,d kept secrets of 1 KB: %.2f MB, their text alone %.2f MB; target %.0f MB: %s%n",
                secrets.size(),
                megabytes,
                text,
                TARGET_MB,
                megabytes <= TARGET_MB ? "holds" : "MISSED");
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Each secret another one. */
    @Override
    public Reply send(Call call) throws IOException {
        String path = call.uri().getPath();
        if (path.endsWith("/login")) {
            return login.send(call);
        }
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < FIELDS; i++) {
            String unique = path + "-" + i + "-";
            data.append(i == 0 ? "" : ",")
                    .append("\"field")
                    .append(i)
                    .append("\":\"")
                    .append(unique)
                    .append(FILLING, 0, FIELD_CHARS - unique.length())
                    .append('"');
        }
        return new Reply(
                200,
                ("{\"request_id\":\"33a6c5ae-4f2b-0e3a-bb52-6f1f6ce0d6a1\",\"lease_id\":\"\",\"renewable\":false,"
                                + "\"lease_duration\":2764800,\"data\":{" + data
                                + "},\"wrap_info\":null,\"warnings\":null,\"auth\":null,\"mount_type\":\"kv\"}")
                        .getBytes(UTF_8));
    }
}
