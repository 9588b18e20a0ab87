package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.Measured;
import io.github.vaultlambda.benchmarks.vault.Connection;
import io.github.vaultlambda.benchmarks.vault.LocalVault;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One Vault and every program that reads from it. The Vault is in this process, which only waits while a program runs. */
final class Scene implements AutoCloseable {
    private final Connection connection;
    private final Setting setting;
    private final LocalVault vault;
    private final FreshJvm unlimited;
    private final FreshJvm jvm;
    private final List<Series> all = new ArrayList<>();
    private @Nullable AnswerTimes answers;

    /** @param limit of each program, or null */
    Scene(Connection connection, Setting setting, @Nullable ProcessorLimit limit) throws IOException {
        this.connection = connection;
        this.setting = setting;
        this.vault = new LocalVault(connection);
        this.unlimited = new FreshJvm(vault.functionEnvironment()).with(setting);
        this.jvm = limit == null ? unlimited : unlimited.within(limit);
    }

    /** Warms the Vault, and the file cache with a first run of each program, which counts its classes. */
    void warmUp() throws IOException, InterruptedException, GeneralSecurityException {
        answers = AnswerTimes.measure(vault.functionEnvironment());
        for (Program program : Program.values()) {
            all.add(new Series(program, ClassPath.of(program), unlimited.classes(program)));
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

    Setting setting() {
        return setting;
    }

    /** What the names of its files have in them. */
    String name() {
        return connection.scheme() + setting.suffix();
    }

    AnswerTimes answers() {
        return Objects.requireNonNull(answers, "not warmed up");
    }

    /** In the order of {@link Program}. */
    List<Series> all() {
        return all;
    }

    @Override
    public void close() throws IOException {
        vault.close();
    }
}
