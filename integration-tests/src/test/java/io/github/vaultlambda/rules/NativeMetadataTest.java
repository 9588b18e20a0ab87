package io.github.vaultlambda.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What our jars tell a native image: names that nobody checks while it is built, since what is not there is passed over. */
final class NativeMetadataTest {
    private static final String PLACE = "src/main/resources/META-INF/native-image";
    private static final Pattern TYPE = Pattern.compile("\"(?:type|typeReached|typeReachable)\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern FIELDS =
            Pattern.compile("\"type\"\\s*:\\s*\"([^\"]+)\",\\s*\"fields\"\\s*:\\s*\\[\\{ \"name\": \"([^\"]+)\" }]");

    @Test
    void liesWhereNativeImageLooksForIt() throws IOException {
        for (Path file : metadata()) {
            Path module = Path.of("..").relativize(file).getName(0);
            assertThat(file.resolveSibling("").endsWith(Path.of(PLACE, "io.github.vaultlambda", module.toString())))
                    .as("%s", file)
                    .isTrue();
        }
    }

    @Test
    void namesOnlyWhatThereIs() throws IOException {
        List<Path> files = metadata();
        assertThat(files).isNotEmpty();
        Set<String> types = new TreeSet<>();
        for (Path file : files) {
            String text = Files.readString(file, UTF_8);
            Matcher type = TYPE.matcher(text);
            while (type.find()) {
                types.add(type.group(1));
            }
            Matcher field = FIELDS.matcher(text);
            while (field.find()) {
                assertThatCode(() -> find(field.group(1)).getDeclaredField(field.group(2)))
                        .as("%s in %s", field.group(), file)
                        .doesNotThrowAnyException();
            }
        }
        assertThat(types).allSatisfy(type -> assertThatCode(() -> find(type)).doesNotThrowAnyException());
    }

    private static Class<?> find(String type) throws ClassNotFoundException {
        return Class.forName(type, false, NativeMetadataTest.class.getClassLoader());
    }

    private static List<Path> metadata() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> rooms = Files.list(Path.of(".."))) {
            for (Path room : rooms.map(room -> room.resolve(PLACE))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                try (Stream<Path> files = Files.walk(room)) {
                    files.filter(Files::isRegularFile).forEach(found::add);
                }
            }
        }
        return found;
    }
}
