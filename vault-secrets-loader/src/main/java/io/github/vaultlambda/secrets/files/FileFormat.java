package io.github.vaultlambda.secrets.files;

/** What stands in a secret's file. Text is UTF-8. */
public enum FileFormat {
    /**
     * Vault's whole answer as a JSON document, byte for byte as HashiCorp's vault-lambda-extension writes it: the envelope with
     * {@code data} in it. For a reference without a field.
     */
    RESPONSE,

    /**
     * The secret alone as a JSON document: of KV v2 the inner data. Two spaces of indentation, keys in the order of their UTF-8
     * bytes, numbers as Vault wrote them, no newline at the end.
     */
    DATA,

    /**
     * A line {@code NAME='value'} for each field, in the order of the names: for {@code set -a; . file} in a POSIX shell and for
     * dotenv libraries. The shell always reads the value as Vault has it. So do the libraries, but for values that they
     * themselves read in different ways: those with an apostrophe beside one of {@code \ " $ `}, with a backslash at the end or
     * two in a row, with a carriage return, or with <code>${</code>; a line in the log names their fields.
     *
     * <p>Fields that are null are left out. A field whose name is none of a variable (letters, digits, underscores), that is an
     * object or an array, or that holds a NUL is an error.
     */
    DOTENV,

    /**
     * A line {@code name=value} for each field, in the order of the names, as {@link java.util.Properties#load} reads it: ASCII,
     * everything else escaped. Fields that are null are left out; an object or an array is an error.
     */
    PROPERTIES,

    /** The text of the referenced field, with nothing added. For a reference with a field, which is no object or array. */
    FIELD,

    /** The bytes that the referenced field holds in base64, with nothing added: for keystores and the like. */
    BYTES
}
