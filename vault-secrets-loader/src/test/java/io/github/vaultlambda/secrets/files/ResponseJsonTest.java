package io.github.vaultlambda.secrets.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The bytes of a document of Vault's answer. */
class ResponseJsonTest {
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
    void writesDataAloneInTheSameWriting() throws IOException {
        assertThat(new String(ResponseJson.bytesOfData(value("{\"b\":1.0,\"a\":[\"<\"]}")), UTF_8))
                .isEqualTo("""
                {
                  "a": [
                    "\\u003c"
                  ],
                  "b": 1.0
                }""");
    }

    private static String written(String body) throws IOException {
        return new String(ResponseJson.bytes(value(body)), UTF_8);
    }

    /** What became of the data, without the envelope's lines around it. */
    private static String data(String data) throws IOException {
        String whole = written("{\"request_id\":\"q\",\"data\":" + data + "}");
        String start = "\"data\": ";
        return whole.substring(whole.indexOf(start) + start.length(), whole.indexOf(",\n  \"warnings\""));
    }

    private static SecretValue value(String json) throws IOException {
        return SecretValue.parse(json.getBytes(UTF_8));
    }
}
