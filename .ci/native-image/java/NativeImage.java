import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The native-image command: turns its arguments and the native-image.properties files of the class path into the builder's
 * options, runs the builder on the JDK beside it, and puts the shared libraries next to the executable.
 */
public class NativeImage {
  private static final Map<String, String> CONFIGURATION = Map.of(
      "reflect-config.json", "ReflectionConfigurationResources",
      "proxy-config.json", "DynamicProxyConfigurationResources",
      "serialization-config.json", "SerializationConfigurationResources",
      "resource-config.json", "ResourceConfigurationResources",
      "jni-config.json", "JNIConfigurationResources",
      "predefined-classes-config.json", "PredefinedClassesConfigurationResources",
      "reachability-metadata.json", "ReachabilityMetadataResources");
  private static final Set<String> REFUSED = Set.of("--static", "--static-nolibc");
  private static final Set<String> IGNORED = Set.of("--no-server");

  private record Api(String option, String inner, String kind, String fixed, String byDefault, String separators, String pattern, String deprecated) { }

  private final Path home;
  private final Map<String, Api> api = new HashMap<>();
  private final Properties versions = new Properties();

  private final List<String> builderOptions = new ArrayList<>();
  private final List<String> javaOptions = new ArrayList<>();
  private final List<Path> classPath = new ArrayList<>();
  private final List<Path> modulePath = new ArrayList<>();
  private final List<Pattern[]> excluded = new ArrayList<>();
  private String mainClass;
  private String module;
  private String name;
  private String outputPath;
  private Path jar;
  private boolean verbose;
  private boolean dryRun;
  private boolean shared;
  private boolean classPathGiven;
  private boolean infoOnly;

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message, null, false, false);
    }
  }

  private NativeImage(Path home) throws IOException {
    this.home = home;
    try (var in = Files.newInputStream(home.resolve("lib/svm/assembled.properties"))) {
      versions.load(in);
    }
    for (String line : Files.readAllLines(home.resolve("lib/svm/api-options.tsv"))) {
      String[] c = line.split("\t", -1);
      api.put(c[0], new Api(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]));
    }
  }

  public static void main(String[] args) throws Exception {
    try {
      System.exit(new NativeImage(Path.of(System.getProperty("assembled.home")).toRealPath()).run(args));
    } catch (Refusal e) {
      System.err.println("Error: " + e.getMessage());
      System.exit(1);
    }
  }

  private int run(String[] args) throws Exception {
    List<String> all = new ArrayList<>();
    String fromEnvironment = System.getenv("NATIVE_IMAGE_OPTIONS");
    if (fromEnvironment != null) {
      all.addAll(splitArguments(fromEnvironment, false));
    }
    for (String a : args) {
      if (a.startsWith("@") && a.length() > 1 && !a.startsWith("@@")) {
        all.addAll(splitArguments(Files.readString(Path.of(a.substring(1))), true));
      } else {
        all.add(a.startsWith("@@") ? a.substring(1) : a);
      }
    }
    if (all.isEmpty() || all.contains("--help") || all.contains("--help-extra") || all.contains("-h")) {
      help();
      return 0;
    }
    if (all.contains("--version") || all.contains("-version")) {
      System.out.println("native-image " + versions.getProperty("version") + " " + versions.getProperty("date"));
      System.out.println("Assembled from org.graalvm.nativeimage:svm:" + versions.getProperty("version") + " and "
          + versions.getProperty("jdk") + " (no GraalVM distribution)");
      return 0;
    }
    Deque<String> queue = new ArrayDeque<>(all);
    List<String> positional = new ArrayList<>();
    while (!queue.isEmpty()) {
      String a = queue.poll();
      if (!a.startsWith("-")) {
        positional.add(a);
      } else if (!pathOption(a, queue)) {
        option(a, queue, "the command line");
      }
    }
    if (jar != null) {
      useJar();
    }
    if (mainClass == null && !shared && !infoOnly && module == null && !positional.isEmpty()) {
      mainClass = positional.removeFirst();
    }
    if (name == null && !positional.isEmpty()) {
      name = positional.removeFirst();
    }
    if (!positional.isEmpty()) {
      throw new Refusal("unexpected argument: " + positional.getFirst());
    }
    if (classPath.isEmpty() && !classPathGiven && modulePath.isEmpty()) {
      String environment = System.getenv("CLASSPATH");
      addPaths(classPath, environment == null ? "." : environment);
    }
    for (Path p : List.copyOf(classPath)) {
      readMetadata(p);
    }
    for (Path p : modulePath) {
      readMetadata(p);
    }
    return build();
  }

  // ---- arguments

  /** Options that say where classes are and what is built. */
  private boolean pathOption(String a, Deque<String> rest) {
    int eq = a.indexOf('=');
    String key = a.startsWith("--") && eq > 0 ? a.substring(0, eq) : a;
    switch (key) {
      case "-cp", "-classpath", "--class-path" -> {
        classPath.clear();
        classPathGiven = true;
        addPaths(classPath, valueOf(a, key, rest));
      }
      case "-p", "--module-path" -> addPaths(modulePath, valueOf(a, key, rest));
      case "-m", "--module" -> {
        String[] parts = valueOf(a, key, rest).split("/", 2);
        module = parts[0];
        if (parts.length > 1) {
          mainClass = parts[1];
        }
      }
      case "-jar" -> jar = Path.of(valueOf(a, key, rest));
      case "--add-modules" -> javaOptions.add("--add-modules=" + valueOf(a, key, rest));
      case "--exclude-config" -> excluded.add(new Pattern[] {Pattern.compile(valueOf(a, key, rest)), Pattern.compile(next(key, rest))});
      case "--verbose" -> verbose = true;
      case "--dry-run" -> dryRun = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String valueOf(String a, String key, Deque<String> rest) {
    return a.length() > key.length() ? a.substring(key.length() + 1) : next(key, rest);
  }

  private static String next(String key, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new Refusal("option " + key + " needs a value");
    }
    return rest.poll();
  }

  /** Options that may come from the command line and from native-image.properties. */
  private void option(String a, Deque<String> rest, String where) {
    if (IGNORED.contains(a)) {
      System.err.println("Warning: option " + a + " has no effect");
    } else if (REFUSED.contains(a)) {
      throw new Refusal("option " + a + " is not supported: the executable uses the JDK's shared libraries (see README.md)");
    } else if (a.startsWith("-H:") || a.startsWith("-R:")) {
      inner(a);
    } else if (a.startsWith("-J")) {
      if (a.length() == 2) {
        throw new Refusal("-J needs an option behind it");
      }
      javaOptions.add(a.substring(2));
    } else if (a.startsWith("-D")) {
      javaOptions.add(a);
    } else if (a.startsWith("-X")) {
      throw new Refusal("unknown option " + a + " in " + where + " (for the executable use -R:MaxHeapSize=..., for the builder -J" + a + ")");
    } else if (!apiOption(a, rest)) {
      throw new Refusal("unknown option " + a + " in " + where);
    }
  }

  private void inner(String a) {
    if (a.startsWith("-H:Name=")) {
      name = a.substring(8);
    } else if (a.startsWith("-H:Path=")) {
      outputPath = a.substring(8);
    } else if (a.startsWith("-H:Class=")) {
      mainClass = a.substring(9);
    } else if (a.startsWith("-H:Module=")) {
      module = a.substring(10);
    } else if (a.startsWith("-H:+StaticExecutable")) {
      throw new Refusal("option " + a + " is not supported: the executable uses the JDK's shared libraries (see README.md)");
    } else {
      shared |= a.equals("-H:+SharedLibrary");
      builderOptions.add(a);
    }
  }

  private boolean apiOption(String a, Deque<String> rest) {
    Api option = api.get(a);
    String value = null;
    if (option == null) {
      for (Api candidate : api.values()) {
        for (char c : candidate.separators.toCharArray()) {
          String prefix = c == '0' ? candidate.option : candidate.option + c;
          boolean takesValue = candidate.kind.equals("value") && candidate.fixed.equals("-");
          if (takesValue && c != '_' && a.startsWith(prefix) && (option == null || candidate.option.length() > option.option.length())) {
            option = candidate;
            value = a.substring(prefix.length());
          }
        }
      }
      if (option == null) {
        return false;
      }
    }
    if (!option.deprecated.equals("-")) {
      System.err.println("Warning: option " + option.option + " is deprecated. " + option.deprecated);
    }
    if (!option.kind.equals("value")) {
      infoOnly |= Set.of("--list-modules", "--list-cpu-features", "--native-image-info").contains(option.option);
      shared |= option.option.equals("--shared");
      builderOptions.add("-H:" + (option.kind.equals("flag") ? '+' : '-') + option.inner + "@user+api");
      return true;
    }
    if (value == null) {
      if (!option.fixed.equals("-")) {
        value = option.fixed;
      } else if (!option.byDefault.equals("-")) {
        value = option.byDefault.equals("''") ? "" : option.byDefault;
      } else if (option.separators.contains("_") && !rest.isEmpty()) {
        value = rest.poll();
      } else {
        throw new Refusal("option " + a + " needs a value");
      }
    }
    if (!option.pattern.equals("-")) {
      List<String> items = new ArrayList<>();
      for (String item : value.split(",", -1)) {
        items.add(option.pattern.replace("%", item));
      }
      value = String.join(",", items);
    }
    switch (option.option) {
      case "-o" -> name = value;
      case "--libc" -> {
        if (!value.equals("glibc")) {
          throw new Refusal("only --libc=glibc is supported");
        }
      }
      case "--target" -> {
        if (!value.equals("linux-amd64")) {
          throw new Refusal("only --target=linux-amd64 is supported");
        }
      }
      default -> builderOptions.add("-H:" + option.inner + "@user+api=" + value);
    }
    return true;
  }

  private void addPaths(List<Path> to, String list) {
    for (String s : list.split(File.pathSeparator)) {
      if (s.endsWith("/*") || s.equals("*")) {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(s.equals("*") ? "." : s.substring(0, s.length() - 2)), "*.{jar,JAR}")) {
          Set<Path> sorted = new TreeSet<>();
          jars.forEach(sorted::add);
          sorted.forEach(p -> to.add(p.toAbsolutePath().normalize()));
        } catch (IOException e) {
          System.err.println("Warning: cannot list " + s);
        }
      } else {
        Path p = Path.of(s.isEmpty() ? "." : s).toAbsolutePath().normalize();
        if (Files.exists(p)) {
          to.add(p);
        } else {
          System.err.println("Warning: not found on the class path: " + s);
        }
      }
    }
  }

  private void useJar() throws IOException {
    Path file = jar.toAbsolutePath().normalize();
    if (!classPathGiven) {
      classPath.clear();
    }
    classPath.add(file);
    try (JarFile open = new JarFile(file.toFile())) {
      Attributes main = open.getManifest() == null ? new Attributes() : open.getManifest().getMainAttributes();
      if (mainClass == null) {
        mainClass = main.getValue(Attributes.Name.MAIN_CLASS);
      }
      String more = main.getValue(Attributes.Name.CLASS_PATH);
      if (more != null) {
        for (String s : more.trim().split("\\s+")) {
          Path p = file.resolveSibling(s).normalize();
          if (Files.exists(p)) {
            classPath.add(p);
          }
        }
      }
    }
    if (mainClass == null) {
      throw new Refusal("no Main-Class in the manifest of " + jar);
    }
    if (name == null) {
      name = file.getFileName().toString().replaceFirst("\\.jar$", "");
    }
  }

  /** Splits a text as the java launcher does for argument files: blanks, quotes, backslashes in quotes, # comments. */
  private static List<String> splitArguments(String text, boolean comments) {
    List<String> result = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    boolean inside = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else if (c == '\\' && i + 1 < text.length()) {
          char n = text.charAt(++i);
          switch (n) {
            case 'n' -> current.append('\n');
            case 't' -> current.append('\t');
            case 'r' -> current.append('\r');
            case 'f' -> current.append('\f');
            case '\n' -> { }
            default -> current.append(n);
          }
        } else {
          current.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inside = true;
      } else if (Character.isWhitespace(c)) {
        if (inside) {
          result.add(current.toString());
          current.setLength(0);
          inside = false;
        }
      } else if (comments && c == '#' && !inside) {
        while (i + 1 < text.length() && text.charAt(i + 1) != '\n') {
          i++;
        }
      } else {
        current.append(c);
        inside = true;
      }
    }
    if (inside) {
      result.add(current.toString());
    }
    return result;
  }

  // ---- META-INF/native-image

  private void readMetadata(Path entry) throws IOException {
    if (Files.isDirectory(entry)) {
      readMetadata(entry, entry);
    } else if (entry.toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
      try (FileSystem zip = FileSystems.newFileSystem(entry)) {
        readMetadata(entry, zip.getPath("/"));
      }
    }
  }

  private void readMetadata(Path container, Path root) throws IOException {
    Path base = root.resolve("META-INF/native-image");
    if (!Files.isDirectory(base)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(base)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String resource = root.relativize(file).toString();
      if (excluded.stream().anyMatch(x -> x[0].matcher(container.toString()).find() && x[1].matcher("/" + resource).find())) {
        continue;
      }
      String fileName = file.getFileName().toString();
      if (fileName.equals("native-image.properties")) {
        readProperties(file, resource, container);
      } else if (CONFIGURATION.containsKey(fileName)) {
        builderOptions.add("-H:" + CONFIGURATION.get(fileName) + "@user+api=" + resource);
      }
    }
  }

  private void readProperties(Path file, String resource, Path container) throws IOException {
    Properties p = new Properties();
    try (var in = Files.newInputStream(file)) {
      p.load(in);
    }
    String directory = resource.substring(0, resource.lastIndexOf('/'));
    String where = container + "!/" + resource;
    if (p.containsKey("Requires")) {
      throw new Refusal("\"Requires\" is not supported: " + where);
    }
    javaOptions.addAll(splitArguments(p.getProperty("JavaArgs", "").replace("${.}", directory), false));
    String ownName = name;
    String ownClass = mainClass;
    Deque<String> queue = new ArrayDeque<>(splitArguments(p.getProperty("Args", "").replace("${.}", directory), false));
    while (!queue.isEmpty()) {
      option(queue.poll(), queue, where);
    }
    if (ownName != null) {
      name = ownName; // what the command line says wins
    }
    if (ownClass != null) {
      mainClass = ownClass;
    }
    if (name == null) {
      name = p.getProperty("ImageName");
    }
  }

  // ---- building

  private int build() throws Exception {
    if (mainClass == null && module == null && !shared && !infoOnly) {
      throw new Refusal("no main class: name it behind the class path, or use -jar or -H:Class=");
    }
    if (name == null) {
      name = mainClass == null ? "image" : mainClass.toLowerCase(Locale.ROOT);
    }
    Path output = Path.of(outputPath == null ? "" : outputPath).resolve(name).toAbsolutePath().normalize();
    name = output.getFileName().toString();
    String libraries = name + ".libs";

    List<String> command = new ArrayList<>();
    Path svm = home.resolve("lib/svm");
    command.add(home.resolve("bin/java").toString());
    command.addAll(List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI", "-XX:-UseJVMCICompiler", "-Xss10m",
        "-XX:+UseParallelGC", "-XX:-UsePerfData", "-Xshare:auto", "--sun-misc-unsafe-memory-access=allow"));
    if (javaOptions.stream().noneMatch(o -> o.startsWith("-Xmx") || o.startsWith("-XX:MaxHeapSize") || o.contains("RAMPercentage"))) {
      command.add("-Xmx" + builderHeapInMegabytes() + "m");
    }
    command.addAll(List.of("-Dorg.graalvm.nativeimage.imagecode=buildtime", "-Dcom.oracle.graalvm.isaot=true", "-Dsubstratevm.HostLibC=glibc",
        "-Djava.system.class.loader=com.oracle.svm.hosted.NativeImageSystemClassLoader", "-Djava.awt.headless=true",
        "-Djdk.internal.lambda.disableEagerInitialization=true", // else lambdas of classes initialized at run time end up in the image
        "@" + svm.resolve("exports.args"), "--upgrade-module-path", svm.resolve("upgrade").toString(),
        "--module-path", svm.resolve("builder").toString(), "--add-modules=ALL-DEFAULT"));
    command.addAll(javaOptions);
    command.addAll(List.of("--module", "org.graalvm.nativeimage.builder/com.oracle.svm.hosted.NativeImageGeneratorRunner"));
    command.addAll(List.of("-imagecp", join(classPath)));
    if (!modulePath.isEmpty()) {
      command.addAll(List.of("-imagemp", join(modulePath)));
    }
    command.add("-H:CLibraryPath@driver+api=" + svm.resolve("clibraries"));
    command.add("-H:Path@driver+api=" + output.getParent());
    command.add("-H:Name@driver+api=" + name);
    command.add("-H:ImageBuildID@driver+api=" + UUID.randomUUID());
    if (module != null) {
      command.add("-H:Module@driver+api=" + module);
    }
    command.add("-H:Class@driver+api=" + (mainClass == null ? "" : mainClass));
    command.add("-H:NativeLinkerOption@driver+api=-Wl,--disable-new-dtags,-rpath,$ORIGIN/" + libraries);
    command.add("-H:NativeLinkerOption@driver+api=-Wl,--export-dynamic");
    command.addAll(builderOptions);

    if (verbose || dryRun) {
      System.out.println("Running: \\\n" + String.join(" \\\n", command));
    }
    if (dryRun) {
      return 0;
    }
    Files.createDirectories(output.getParent());
    ProcessBuilder process = new ProcessBuilder(command).inheritIO();
    process.environment().put("USE_NATIVE_IMAGE_JAVA_PLATFORM_MODULE_SYSTEM", "true");
    process.environment().put("JVMCI_VERSION_CHECK", "ignore");
    process.environment().remove("JDK_JAVA_OPTIONS");
    process.environment().remove("JAVA_TOOL_OPTIONS");
    Process builder = process.start();
    Thread stop = new Thread(builder::destroy);
    Runtime.getRuntime().addShutdownHook(stop);
    int code = builder.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    if (code == 0 && !infoOnly) {
      copyLibraries(shared ? output.resolveSibling(name + ".so") : output, output.resolveSibling(libraries));
    }
    return code;
  }

  private static String join(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }

  /** Three quarters of what is free now, at least 2 and at most 8 gigabytes. */
  private static long builderHeapInMegabytes() {
    long available = 4L << 10;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          available = Long.parseLong(line.replaceAll("\\D", "")) >> 10;
        }
      }
      String limit = Files.readString(Path.of("/sys/fs/cgroup/memory.max")).trim();
      if (!limit.equals("max")) {
        available = Math.min(available, Long.parseLong(limit) >> 20);
      }
    } catch (IOException | NumberFormatException e) {
      // no limit known
    }
    return Math.clamp(available * 3 / 4, 2048, 8192);
  }

  /** Copies every library of this home that the image needs, directly or through another one. */
  private void copyLibraries(Path image, Path target) throws Exception {
    Path source = home.resolve("lib/svm/shared");
    Deque<Path> open = new ArrayDeque<>(List.of(image));
    Set<String> needed = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      for (String library : neededBy(open.poll())) {
        if (Files.exists(source.resolve(library)) && needed.add(library)) {
          open.add(source.resolve(library));
        }
      }
    }
    Files.createDirectories(target);
    long size = 0;
    for (String library : needed) {
      Files.copy(source.resolve(library), target.resolve(library), StandardCopyOption.REPLACE_EXISTING);
      size += Files.size(target.resolve(library));
    }
    if (builderOptions.stream().noneMatch(o -> o.startsWith("-H:+BuildOutputSilent"))) {
      System.out.printf(Locale.ROOT, "Shared libraries (keep them beside the executable): %s, %d files, %d kB%n", target, needed.size(), size >> 10);
    }
  }

  private static List<String> neededBy(Path file) throws Exception {
    Process p = new ProcessBuilder("readelf", "-dW", file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> result = new ArrayList<>();
    for (String line : new String(p.getInputStream().readAllBytes()).split("\n")) {
      if (line.contains("(NEEDED)")) {
        result.add(line.substring(line.indexOf('[') + 1, line.indexOf(']')));
      }
    }
    if (p.waitFor() != 0) {
      throw new Refusal("readelf cannot read " + file);
    }
    return result;
  }

  private void help() {
    System.out.println("""
        Usage: native-image [options] -cp PATH MainClass [name] | native-image [options] -jar FILE [name]

        -cp, -classpath, --class-path, -p, --module-path, -m, --module, -jar, -o NAME, @argumentFile
        -H:..., -R:... (for the builder), -J... (for the builder's JVM), -Dkey=value
        --version, --verbose, --dry-run, --exclude-config JAR_PATTERN RESOURCE_PATTERN
        Not supported: --static, --static-nolibc, other targets, bundles, profile-guided optimization.
        Further options:""");
    api.values().stream().filter(o -> o.deprecated.equals("-") && !REFUSED.contains(o.option)).map(Api::option).sorted()
        .forEach(o -> System.out.println("  " + o));
  }
}
