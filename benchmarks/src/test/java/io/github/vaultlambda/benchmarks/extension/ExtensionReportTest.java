package io.github.vaultlambda.benchmarks.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vaultlambda.benchmarks.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionReportTest {
    @TempDir
    private Path folder;

    /** All figures of this many times the same. */
    private static ExtensionRow row(String name, double factor) {
        ExtensionRow row = new ExtensionRow(name);
        for (ExtensionFigure figure : ExtensionFigure.values()) {
            row.add(figure, 10 * factor);
            row.add(figure, 12 * factor);
            row.add(figure, 14 * factor);
        }
        return row;
    }

    private static ExtensionRow vaultItself() {
        ExtensionRow row = new ExtensionRow("Vault itself");
        row.add(ExtensionFigure.P50, 6);
        row.add(ExtensionFigure.REQUESTS, 3_000);
        return row;
    }

    private String printed(ExtensionRow... extensions) throws Exception {
        Report report = Report.begin("extension", "The packaged extension");
        new ExtensionReport(List.of(extensions), vaultItself()).addTo(report);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        report.finish(new PrintStream(printed, true, UTF_8), folder);
        return printed.toString(UTF_8);
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(folder.resolve("extension.json").toFile());
    }

    @Test
    void ratiosAreToThePeerWhenThereIsOne() throws Exception {
        String printed = printed(row("peer", 1), row("native layer", 0.5));

        assertThat(printed).doesNotContain("EXTENSION_PEER");
        JsonNode tables = json().get("tables");
        assertThat(tables).hasSize(4).allSatisfy(table -> {
            assertThat(table.get("comparedWith").asText()).isEqualTo("peer");
            assertThat(table.at("/rows/1/row").asText()).isEqualTo("native layer");
            assertThat(table.at("/rows/1").elements())
                    .toIterable()
                    .filteredOn(JsonNode::isObject)
                    .allSatisfy(
                            figure -> assertThat(figure.get("ratio").asDouble()).isEqualTo(0.5));
        });
        assertThat(tables.at("/2/rows/2/row").asText()).isEqualTo("Vault itself");
        assertThat(tables.at("/2/rows/2/median on 1 connection/ratio").asDouble())
                .isEqualTo(0.5);
    }

    @Test
    void withoutAPeerTheyAreToVaultItselfOrTheFirstForm() throws Exception {
        String printed = printed(row("native layer", 1), row("Java layer", 2));

        assertThat(printed).contains("EXTENSION_PEER names no other extension");
        JsonNode tables = json().get("tables");
        assertThat(tables)
                .extracting(table -> table.get("comparedWith").asText())
                .containsExactly("native layer", "Vault itself", "Vault itself", "Vault itself");
        assertThat(tables.at("/0/rows/1/start to its first event/ratio").asDouble())
                .isEqualTo(2);
        assertThat(tables.at("/2/rows/0/median on 1 connection/ratio").asDouble())
                .isEqualTo(2);
        assertThat(tables.at("/3/rows/1/by default/ratio").asDouble()).isEqualTo(0.008);
    }

    @Test
    void eachAimStandsBesideWithItsDirection() throws Exception {
        assertThat(printed(row("native layer", 1)))
                .contains("start to its first event at most 1.0")
                .contains("on 16 connections at least 1.0")
                .contains("aim: with a cache, a tenth of the requests");
    }

    @Test
    void threePicturesAreDrawn() throws Exception {
        printed(row("native layer", 1));

        assertThat(json().get("charts"))
                .hasSize(3)
                .allSatisfy(file -> assertThat(folder.resolve(file.asText())).exists());
        assertThat(folder.resolve("extension-reads.svg"))
                .content()
                .contains("native layer, from its cache", "native layer, through it", "Vault itself");
    }
}
