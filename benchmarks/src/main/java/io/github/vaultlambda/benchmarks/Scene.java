package io.github.vaultlambda.benchmarks;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One Vault and every program that reads from it. The Vault is in this process, which only waits while a program runs. */
final class Scene implements AutoCloseable {
    private final Connection connection;
    private final LocalVault vault;
    private final FreshJvm jvm;
    private final List<Series> all = new ArrayList<>();
    private @Nullable AnswerTimes answers;

    Scene(Connection connection) throws IOException {
        this.connection = connection;
        this.vault = new LocalVault(connection);
        this.jvm = new FreshJvm(vault.functionEnvironment());
    }

    /** Warms the Vault, and the file cache with a first run of each program. */
    void warmUp() throws IOException, InterruptedException, GeneralSecurityException {
        answers = AnswerTimes.measure(vault.functionEnvironment());
        for (Program program : Program.values()) {
            measure(program);
            all.add(new Series(program, ClassPath.of(program).dependencies(), jvm.classes(program)));
        }
    }

    void runEachOnce() throws IOException, InterruptedException {
        for (Series series : all) {
            series.add(measure(series.program()));
        }
    }

    private Measured measure(Program program) throws IOException, InterruptedException {
        Measured result = jvm.measure(program);
        String expected = program == Program.EMPTY ? "" : vault.password();
        if (result.valueHash() != expected.hashCode()) {
            throw new IllegalStateException(program.title() + " read something else than the secret");
        }
        return result;
    }

    Connection connection() {
        return connection;
    }

    AnswerTimes answers() {
        return Objects.requireNonNull(answers, "not warmed up");
    }

    /** In the order of {@link Program}. */
    List<Series> all() {
        return all;
    }

    /** The mark that the others are compared with. */
    Series byHand() {
        return all.stream()
                .filter(series -> series.program() == Program.HAND_WRITTEN)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        vault.close();
    }
}
