package io.github.vaultlambda.benchmarks.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
    private static final Machine QUIET = new Machine("25", "VM", "Linux", "CPU", 2, 0.5);
    private static final Machine BUSY = new Machine("25", "VM", "Linux", "CPU", 2, 3.25);

    @TempDir
    private Path folder;

    private static Table table() {
        return Table.titled("Cold start")
                .column("start to value", "ms")
                .plainColumn("classes", "")
                .rowOfRuns("by hand", new double[] {100, 90, 130}, new double[] {500})
                .rowOfRuns("library", new double[] {110, 112, 108}, new double[] {600})
                .row("peer", 200, Double.NaN)
                .comparedWith("by hand");
    }

    private String finished(Report report) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        report.finish(new PrintStream(printed, true, UTF_8), folder, BUSY, Instant.EPOCH);
        return printed.toString(UTF_8);
    }

    @Test
    void printsMediansQuartilesAndRatios() throws Exception {
        String printed =
                finished(Report.begin("cold", "Cold", QUIET).note("9 runs").add(table()));

        assertThat(printed)
                .contains("Cold\n  9 runs\n")
                .containsPattern("ratios to by hand +start to value ms +ratio +classes")
                .containsPattern("by hand +100 \\(95 to 115\\) +1\\.00 +500\n")
                .containsPattern("library +110 \\(109 to 111\\) +1\\.10 +600\n")
                .containsPattern("peer +200 +2\\.00 +-\n");
    }

    @Test
    void writesTheSameAsJsonWithTheMachineAndItsLoad() throws Exception {
        finished(Report.begin("cold", "Cold", QUIET).add(table()).add(bars()));

        JsonNode json = new ObjectMapper().readTree(folder.resolve("cold.json").toFile());
        assertThat(json.at("/date").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json.at("/machine/loadBefore").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/machine/loadAfter").asDouble()).isEqualTo(3.25);
        JsonNode library = json.at("/tables/0/rows/1");
        assertThat(library.at("/row").asText()).isEqualTo("library");
        assertThat(library.at("/start to value/median").asDouble()).isEqualTo(110);
        assertThat(library.at("/start to value/ratio").asDouble()).isEqualTo(1.1);
        assertThat(library.at("/start to value/runs")).hasSize(3);
        assertThat(library.at("/classes").has("ratio")).isFalse();
        assertThat(json.at("/tables/0/rows/2").has("classes")).isFalse();
        assertThat(json.at("/charts/0").asText()).isEqualTo("cold-https.svg");
    }

    private static BarChart bars() {
        return BarChart.titled("https", "Cold over https <1 s & more", "ms")
                .bar("by hand", 100, 90, 130)
                .bar("library", 110);
    }

    @Test
    void chartsAreWellFormedAndTrueToScale() throws Exception {
        Report report = Report.begin("cold", "Cold", QUIET)
                .add(bars())
                .add(LineChart.titled("load", "Load", "s", "requests/s")
                        .line("ours", new double[] {0, 1, 2}, new double[] {0, 250, 500})
                        .line("peer", new double[] {0, 2}, new double[] {0, 1000}));
        finished(report);

        Document drawn = parsed("cold-https.svg");
        double byHand = width(drawn, 1); // the first rectangle is the background
        double library = width(drawn, 2);
        assertThat(library / byHand).isBetween(1.09, 1.11);
        assertThat(parsed("cold-load.svg").getElementsByTagName("polyline").getLength())
                .isEqualTo(2);
    }

    private Document parsed(String file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve(file).toFile());
    }

    private static double width(Document svg, int rectangle) {
        return Double.parseDouble(svg.getElementsByTagName("rect")
                .item(rectangle)
                .getAttributes()
                .getNamedItem("width")
                .getNodeValue());
    }

    @Test
    void theSameFiguresGiveTheSameBytes() throws Exception {
        finished(Report.begin("cold", "Cold", QUIET).add(table()).add(bars()));
        String json = Files.readString(folder.resolve("cold.json"));
        String svg = Files.readString(folder.resolve("cold-https.svg"));

        finished(Report.begin("cold", "Cold", QUIET).add(table()).add(bars()));

        assertThat(folder.resolve("cold.json")).hasContent(json);
        assertThat(folder.resolve("cold-https.svg")).hasContent(svg);
    }

    @Test
    void aRowThatIsTooShortIsNoRow() {
        Table table = Table.titled("t").column("a", "").column("b", "");

        assertThatThrownBy(() -> table.row("r", 1)).hasMessageContaining("1 figures for 2 columns");
    }
}
