package io.github.vaultlambda.extension.cli;

import io.github.vaultlambda.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what is wrong, and what to do about it. */
final class DoctorCommand implements Command {
    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "checks everything from the variables to the policy and says what to fix";
    }

    @Override
    public String help() {
        return """
                doctor [--json]

                Checks variables, AWS credentials, the STS host and region, Vault (address, TLS, seal, version, clock), the
                login, the token, and whether its policies allow what VAULT_SECRET_PATH and references in variables ask
                for. Reads no secret. What depends on a failed check is skipped, everything else is looked at. The exit
                code is that of the first failure.

                  --json    as {"ok":...,"checks":[{"check":...,"status":...,"detail":...,"fix":...}]}
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws UsageException {
        Arguments given = Arguments.parse(arguments, Set.of("--json")).withoutOthers();
        List<Finding> findings = new Doctor(surroundings).examine();
        if (given.has("--json")) {
            surroundings.print(json(findings));
        } else {
            surroundings.print(text(findings));
        }
        return firstFailure(findings).number();
    }

    private static ExitCode firstFailure(List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.status() == Finding.Status.FAILED) {
                return finding.code();
            }
        }
        return ExitCode.OK;
    }

    private static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        int failed = 0;
        for (Finding finding : findings) {
            failed += finding.status() == Finding.Status.FAILED ? 1 : 0;
            column(text, finding.status() == Finding.Status.FAILED ? "FAILED" : label(finding), 9);
            column(text, finding.check(), 17);
            text.append(finding.detail()).append('\n');
            if (finding.fix() != null) {
                text.append(" ".repeat(26))
                        .append("fix: ")
                        .append(finding.fix())
                        .append('\n');
            }
        }
        return text.append(failed == 0 ? "Nothing failed." : failed + " failed.")
                .toString();
    }

    private static void column(StringBuilder text, String entry, int width) {
        text.append(entry).append(" ".repeat(Math.max(1, width - entry.length())));
    }

    private static String label(Finding finding) {
        return finding.status().name().toLowerCase(Locale.ROOT);
    }

    private static JsonWriter json(List<Finding> findings) {
        JsonWriter json = new JsonWriter();
        json.open('{');
        json.name("ok");
        json.literal(Boolean.toString(firstFailure(findings) == ExitCode.OK));
        json.name("checks");
        json.open('[');
        for (Finding finding : findings) {
            json.open('{');
            json.name("check");
            json.string(finding.check());
            json.name("status");
            json.string(label(finding));
            json.name("detail");
            json.string(finding.detail());
            json.name("fix");
            String fix = finding.fix();
            if (fix == null) {
                json.literal("null");
            } else {
                json.string(fix);
            }
            json.close('}');
        }
        json.close(']');
        json.close('}');
        return json;
    }
}
