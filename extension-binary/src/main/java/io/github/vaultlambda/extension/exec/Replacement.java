package io.github.vaultlambda.extension.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CCharPointerPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;

/**
 * Puts the program into the place of this process, with <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>. Only
 * in a native image: a JVM has no way to call it.
 */
final class Replacement implements Launch {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    /** Input, output and errors go on to the program. */
    private static final int LAST_INHERITED = 2;

    @Override
    public int run(List<String> command, Map<String, String> environment) throws IOException {
        String program = find(command.get(0), environment.getOrDefault("PATH", ""));
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        closeWhatWeOpened();
        try (CTypeConversion.CCharPointerHolder path = CTypeConversion.toCString(program);
                CTypeConversion.CCharPointerPointerHolder arguments =
                        CTypeConversion.toCStrings(command.toArray(String[]::new));
                CTypeConversion.CCharPointerPointerHolder values =
                        CTypeConversion.toCStrings(variables.toArray(String[]::new))) {
            execve(path.get(), arguments.get(), values.get());
        }
        throw new IOException("the system cannot execute " + program); // else there is nobody to return to
    }

    /** As execvp(3) looks for it: a name without a slash in the folders of PATH. */
    private static String find(String program, String path) throws IOException {
        List<Path> places = new ArrayList<>();
        if (program.indexOf('/') >= 0) {
            places.add(Path.of(program));
        } else {
            for (String folder : path.split(":", -1)) {
                places.add(Path.of(folder.isEmpty() ? "." : folder, program));
            }
        }
        boolean there = false;
        for (Path place : places) {
            if (Files.isExecutable(place) && Files.isRegularFile(place)) {
                return place.toString();
            }
            there |= Files.exists(place);
        }
        throw new IOException(there ? "error=13, Permission denied" : "error=2, No such file or directory");
    }

    /** The JDK leaves its files and connections open for who comes after. */
    private static void closeWhatWeOpened() throws IOException {
        List<Integer> open = new ArrayList<>();
        try (var files = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path file : files) {
                open.add(Integer.valueOf(file.getFileName().toString()));
            }
        }
        for (int descriptor : open) {
            if (descriptor > LAST_INHERITED) {
                close(descriptor);
            }
        }
    }

    @CFunction("execve")
    private static native int execve(
            CCharPointer program, CCharPointerPointer arguments, CCharPointerPointer environment);

    @CFunction("close")
    private static native int close(int descriptor);
}
