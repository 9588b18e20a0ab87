package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.extension.settings.Version;
import io.github.vaultlambda.json.JsonWriter;
import java.util.List;
import java.util.Set;

/** Says which program this is. Needs no variable and no network. */
final class VersionCommand implements Command {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "says which version this is";
    }

    @Override
    public String help() {
        return """
                version [--json]

                Prints name and version.

                  --json    as {"name":...,"version":...,"runtime":...}
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws UsageException {
        Arguments given = Arguments.parse(arguments, Set.of("--json")).withoutOthers();
        if (given.has("--json")) {
            JsonWriter json = new JsonWriter();
            json.open('{');
            json.name("name");
            json.string(surroundings.program());
            json.name("version");
            json.string(Version.text());
            json.name("runtime");
            json.string(System.getProperty("java.vm.name", "unknown") + " "
                    + System.getProperty("java.vm.version", "unknown"));
            json.close('}');
            surroundings.print(json);
        } else {
            surroundings.print(surroundings.program() + " " + Version.text());
        }
        return ExitCode.OK.number();
    }
}
