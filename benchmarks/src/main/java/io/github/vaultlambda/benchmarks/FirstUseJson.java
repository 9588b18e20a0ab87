package io.github.vaultlambda.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.vaultlambda.benchmarks.report.Machine;
import io.github.vaultlambda.benchmarks.report.Spread;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The same figures for other programs, with every run. */
final class FirstUseJson {
    private FirstUseJson() {}

    static void write(Path file, Machine before, Machine after, int runs, List<Scene> scenes, List<Parts> parts)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("benchmark", "first-use");
            json.writeStringField(
                    "date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeObjectFieldStart("machine");
            json.writeStringField("java", before.java());
            json.writeStringField("vm", before.vm());
            json.writeStringField("system", before.system());
            json.writeStringField("processor", before.processor());
            json.writeNumberField("processors", before.processors());
            json.writeNumberField("loadBefore", before.load());
            json.writeNumberField("loadAfter", after.load());
            json.writeEndObject();
            json.writeStringField("flags", FreshJvm.flags());
            json.writeNumberField("runs", runs);
            json.writeArrayFieldStart("connections");
            for (Scene scene : scenes) {
                write(json, scene);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("libraryByPart");
            for (Parts one : parts) {
                write(json, one);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, Scene scene) throws IOException {
        json.writeStartObject();
        json.writeStringField("scheme", scene.connection().scheme());
        json.writeObjectFieldStart("serverAnswerMillis");
        json.writeNumberField("login", rounded(scene.answers().login()));
        json.writeNumberField("read", rounded(scene.answers().read()));
        json.writeEndObject();
        json.writeArrayFieldStart("programs");
        for (Series series : scene.all()) {
            write(json, series, scene.byHand());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Series series, Series byHand) throws IOException {
        json.writeStartObject();
        json.writeStringField("program", series.program().title());
        json.writeArrayFieldStart("jars");
        for (String jar : series.dependencies()) {
            json.writeString(jar);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("classes");
        json.writeNumberField("all", series.classes().all());
        json.writeNumberField("parsed", series.classes().parsed());
        json.writeEndObject();
        for (Figure figure : Figure.values()) {
            Spread spread = series.spread(figure);
            Spread mark = byHand.spread(figure);
            json.writeObjectFieldStart(figure.label());
            json.writeNumberField("median", rounded(spread.median()));
            json.writeNumberField("min", rounded(spread.min()));
            json.writeNumberField("lowerQuartile", rounded(spread.lowerQuartile()));
            json.writeNumberField("upperQuartile", rounded(spread.upperQuartile()));
            json.writeNumberField("max", rounded(spread.max()));
            json.writeNumberField("ratioOfMediansToHandWritten", rounded(spread.median() / mark.median()));
            json.writeNumberField("ratioOfMinimaToHandWritten", rounded(spread.min() / mark.min()));
            json.writeArrayFieldStart("runs");
            for (double value : series.values(figure)) {
                json.writeNumber(rounded(value));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Parts parts) throws IOException {
        json.writeStartObject();
        json.writeStringField("scheme", parts.connection().scheme());
        json.writeArrayFieldStart("parts");
        for (Part part : Part.values()) {
            json.writeStartObject();
            json.writeStringField("part", part.title());
            json.writeNumberField("medianMillis", rounded(parts.millis(part).median()));
            json.writeNumberField("minMillis", rounded(parts.millis(part).min()));
            json.writeNumberField("classes", parts.classes(part).all());
            json.writeNumberField("parsedClasses", parts.classes(part).parsed());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
