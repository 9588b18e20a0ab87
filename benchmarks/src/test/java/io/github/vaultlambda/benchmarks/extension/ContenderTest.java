package io.github.vaultlambda.benchmarks.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContenderTest {
    private static final String NAME = "vault-lambda-extension";

    @TempDir
    private Path built;

    private Path executable(String path, int bytes) throws IOException {
        Path file = built.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void nothingBuiltIsNoContender() throws IOException {
        assertThat(Contender.all(null, built)).isEmpty();
        assertThat(Contender.all("", built)).isEmpty();
    }

    @Test
    void eachFormThatIsBuiltIsOneAndThePeerIsTheFirst() throws IOException {
        Path peer = executable("peer", 100_000);
        Path nativeLayer = executable("native-layer/extensions/" + NAME, 10);
        Files.write(built.resolve(NAME + "-native-layer.zip"), new byte[77]);
        Path layer = executable("layer/extensions/" + NAME, 10);
        Files.write(built.resolve(NAME + "-layer.zip"), new byte[88]);

        List<Contender> all = Contender.all(peer.toString(), built);

        assertThat(all).extracting(Contender::name).containsExactly("peer", "native layer", "Java layer");
        assertThat(all).extracting(Contender::executable).containsExactly(peer, nativeLayer, layer);
        assertThat(all).extracting(Contender::port).containsExactly(8200, 18_200, 18_200);
        assertThat(all.get(0).size()).as("zipped, as the layers are").isLessThan(1_000);
        assertThat(all.get(1).size()).isEqualTo(77);
    }

    @Test
    void jarsRunBehindTheLayersOwnLauncherWithTheJavaOfThisProcess() throws IOException {
        executable("layer/extensions/" + NAME, 10);
        Files.write(Files.createDirectory(built.resolve("jars")).resolve("one.jar"), new byte[10]);

        for (int run = 0; run < 2; run++) { // the second finds what the first has made
            Contender jars = Contender.all(null, built).get(0);

            assertThat(jars.name()).isEqualTo("jars, Java " + Runtime.version().feature());
            assertThat(jars.executable()).isExecutable().hasBinaryContent(new byte[10]);
            assertThat(jars.executable().resolveSibling("../" + NAME + "/lib/one.jar"))
                    .exists();
            assertThat(jars.variables()).containsEntry("VAULT_EXTENSION_JAVA_HOME", System.getProperty("java.home"));
        }
    }

    @Test
    void aPeerThatIsNotThereIsNamedWithItsVariable() {
        String missing = built.resolve("missing").toString();

        assertThatThrownBy(() -> Contender.all(missing, built))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("EXTENSION_PEER")
                .hasMessageContaining(missing);
    }
}
