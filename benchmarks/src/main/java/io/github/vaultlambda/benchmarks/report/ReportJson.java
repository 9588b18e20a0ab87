package io.github.vaultlambda.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A report for other programs. */
final class ReportJson {
    private ReportJson() {}

    static void write(
            Path file,
            String name,
            String title,
            Instant date,
            Machine before,
            Machine after,
            List<String> notes,
            List<Table> tables,
            List<String> charts)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
            json.writeStartObject();
            json.writeStringField("benchmark", name);
            json.writeStringField("title", title);
            json.writeStringField("date", date.toString());
            write(json, before, after);
            write(json, "notes", notes);
            json.writeArrayFieldStart("tables");
            for (Table table : tables) {
                write(json, table);
            }
            json.writeEndArray();
            write(json, "charts", charts);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator json, Machine before, Machine after) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("java", before.java());
        json.writeStringField("vm", before.vm());
        json.writeStringField("system", before.system());
        json.writeStringField("processor", before.processor());
        json.writeNumberField("processors", before.processors());
        json.writeNumberField("loadBefore", Numbers.exact(before.load()));
        json.writeNumberField("loadAfter", Numbers.exact(after.load()));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Table table) throws IOException {
        json.writeStartObject();
        json.writeStringField("title", table.title());
        if (table.base() != null) {
            json.writeStringField("comparedWith", table.base());
        }
        json.writeArrayFieldStart("rows");
        for (Table.Row row : table.rows()) {
            json.writeStartObject();
            json.writeStringField("row", row.label());
            for (int i = 0; i < table.columns().size(); i++) {
                write(json, table, row, i);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Table table, Table.Row row, int column) throws IOException {
        double[] runs = row.runs().get(column);
        if (runs.length == 0) {
            return;
        }
        Table.Column figure = table.columns().get(column);
        json.writeObjectFieldStart(figure.title());
        if (!figure.unit().isEmpty()) {
            json.writeStringField("unit", figure.unit());
        }
        Spread spread = Spread.of(runs);
        number(json, runs.length == 1 ? "value" : "median", spread.median());
        if (runs.length > 1) {
            number(json, "min", spread.min());
            number(json, "lowerQuartile", spread.lowerQuartile());
            number(json, "upperQuartile", spread.upperQuartile());
            number(json, "max", spread.max());
        }
        number(json, "ratio", table.ratio(row, column));
        if (runs.length > 1) {
            json.writeArrayFieldStart("runs");
            for (double run : runs) {
                json.writeNumber(Numbers.exact(run));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** JSON has no number for what is none. */
    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, Numbers.exact(value));
        }
    }
}
