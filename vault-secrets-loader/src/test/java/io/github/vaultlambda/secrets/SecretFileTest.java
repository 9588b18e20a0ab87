package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a secret file, and how they get there. */
class SecretFileTest {
    private static final String SMALLEST = """
            {
              "request_id": "q",
              "lease_id": "l",
              "lease_duration": 0,
              "renewable": false,
              "data": {
                "k": "v"
              },
              "warnings": null
            }""";

    @TempDir
    Path directory;

    @Test
    void writesTheEnvelopeInItsOrderWithoutNewlineAtTheEnd() throws IOException {
        assertThat(written("""
                {"data":{"k":"v"},"renewable":false,"lease_id":"l","lease_duration":0,"request_id":"q"}""")).isEqualTo(SMALLEST);
    }

    @Test
    void putsMissingFieldsAtTheirZeroAndDropsUnknownOnes() throws IOException {
        assertThat(written("""
                {"data":null,"surprise":{"a":1},"mount_type":"","auth":null,"wrap_info":null}""")).isEqualTo("""
                {
                  "request_id": "",
                  "lease_id": "",
                  "lease_duration": 0,
                  "renewable": false,
                  "data": null,
                  "warnings": null
                }""");
    }

    @Test
    void ordersKeysBelowByTheirBytesAndKeepsNumbersAsWritten() throws IOException {
        // U+FFFD comes before U+1F600 in UTF-8, but after it in UTF-16.
        assertThat(data("""
                {"b":1.50,"a":{"z":1e3,"Z":-0},"\\ud83d\\ude00":1,"\\ufffd":2,"é":12345678901234567890,"ab":[],"e":{},"n":null,"t":true}""")).isEqualTo("""
                        {
                            "a": {
                              "Z": -0,
                              "z": 1e3
                            },
                            "ab": [],
                            "b": 1.50,
                            "e": {},
                            "n": null,
                            "t": true,
                            "é": 12345678901234567890,
                            "\ufffd": 2,
                            "\ud83d\ude00": 1
                          }""");
    }

    @Test
    void escapesAsReadersOfHtmlWantIt() throws IOException {
        assertThat(data("""
                {"<k>":"<a href='x'>&</a> \\u2028\\u2029 \\" \\\\ / \\n\\r\\t\\b\\f \\u0000\\u001f \\u007f é \\ud800"}""")).isEqualTo("""
                        {
                            "\\u003ck\\u003e": "\\u003ca href='x'\\u003e\\u0026\\u003c/a\\u003e \\u2028\\u2029 \\" \\\\ / \\n\\r\\t\\b\\f \\u0000\\u001f \u007f é \ufffd"
                          }""");
    }

    @Test
    void indentsArrays() throws IOException {
        assertThat(data("""
                {"a":["x",{"k":[1,2]}]}""")).isEqualTo("""
                {
                    "a": [
                      "x",
                      {
                        "k": [
                          1,
                          2
                        ]
                      }
                    ]
                  }""");
    }

    @Test
    void addsAuthWrappingAndMountTypeOnlyWhenTheyAreThere() throws IOException {
        assertThat(written("""
                {"request_id":"q","mount_type":"kv","wrap_info":{"ttl":60,"token":"w","creation_time":"2026-01-02T03:04:05Z"},
                "auth":{"policies":["b","a"],"client_token":"t","metadata":{"y":"2","x":"1"},"lease_duration":5,"orphan":true,"new":1},
                "warnings":["w1"]}""")).isEqualTo("""
                {
                  "request_id": "q",
                  "lease_id": "",
                  "lease_duration": 0,
                  "renewable": false,
                  "data": null,
                  "warnings": [
                    "w1"
                  ],
                  "auth": {
                    "client_token": "t",
                    "accessor": "",
                    "policies": [
                      "b",
                      "a"
                    ],
                    "token_policies": null,
                    "identity_policies": null,
                    "metadata": {
                      "x": "1",
                      "y": "2"
                    },
                    "orphan": true,
                    "entity_id": "",
                    "lease_duration": 5,
                    "renewable": false,
                    "mfa_requirement": null
                  },
                  "wrap_info": {
                    "token": "w",
                    "accessor": "",
                    "ttl": 60,
                    "creation_time": "2026-01-02T03:04:05Z",
                    "creation_path": "",
                    "wrapped_accessor": ""
                  },
                  "mount_type": "kv"
                }""");
    }

    @Test
    void takesAnObjectOutsideOfTheEnvelopeAsData() throws IOException {
        assertThat(written("""
                {"keys":{"b":1,"a":2}}""")).isEqualTo("""
                {
                  "request_id": "",
                  "lease_id": "",
                  "lease_duration": 0,
                  "renewable": false,
                  "data": {
                    "keys": {
                      "a": 2,
                      "b": 1
                    }
                  },
                  "warnings": null
                }""");
    }

    @Test
    void makesDirectoriesAndFileForTheOwnerAlone() throws IOException {
        Path file = directory.resolve("new/deep/secret.json");
        new SecretFile("kv/a", file).write(answer("{\"data\":{}}"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(directory.resolve("new"))).isEqualTo("rwx------");
        assertThat(permissions(directory.resolve("new/deep"))).isEqualTo("rwx------");
    }

    @Test
    void replacesAnOpenFileByOneForTheOwnerAlone() throws IOException {
        Path file = directory.resolve("secret.json");
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        new SecretFile("kv/a", file).write(answer("{\"data\":{\"k\":1}}"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(file).content().contains("\"k\": 1");
        assertThat(listed()).containsExactly("secret.json");
    }

    @Test
    void replacesASymbolicLinkAndLeavesItsTarget() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "untouched");
        Path file = Files.createSymbolicLink(directory.resolve("secret.json"), target);
        new SecretFile("kv/a", file).write(answer("{\"data\":{}}"));
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(target).hasContent("untouched");
    }

    @Test
    void leavesNothingBehindWhenItCannotWrite() throws IOException {
        Path file = Files.createDirectory(directory.resolve("taken"));
        Files.createFile(file.resolve("inside"));
        assertThatThrownBy(() -> new SecretFile("kv/a", file).write(answer("{\"data\":{}}")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write " + file);
        assertThat(listed()).containsExactly("taken");
    }

    @Test
    void refusesAnAnswerWithoutContent() {
        Path file = directory.resolve("secret.json");
        assertThatThrownBy(() -> new SecretFile("kv/a", file).write(answer("")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kv/a")
                .hasMessageContaining("no content");
        assertThat(file).doesNotExist();
    }

    @Test
    void wantsAnAbsolutePathOfAFile() {
        for (String wrong : List.of("relative.json", "/")) {
            assertThatThrownBy(() -> new SecretFile("kv/a", Path.of(wrong)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<String> listed() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private String written(String body) throws IOException {
        Path file = directory.resolve("secret.json");
        new SecretFile("kv/a", file).write(answer(body));
        return Files.readString(file);
    }

    /** What became of the data, without the envelope's lines around it. */
    private String data(String data) throws IOException {
        String whole = written("{\"request_id\":\"q\",\"data\":" + data + "}");
        String start = "\"data\": ";
        return whole.substring(whole.indexOf(start) + start.length(), whole.indexOf(",\n  \"warnings\""));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static VaultResponse answer(String body) {
        VaultConfig config =
                VaultConfig.builder().address(URI.create("http://127.0.0.1:1")).build();
        Platform platform =
                Platform.system().withTransport(call -> new Reply(body.isEmpty() ? 204 : 200, body.getBytes(UTF_8)));
        VaultEndpoint endpoint = new VaultEndpoint(config, platform);
        return endpoint.send(VaultRequest.get("kv/a"), null, endpoint.deadlineIn(Duration.ofSeconds(5)));
    }
}
