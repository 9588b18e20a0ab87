package io.github.vaultlambda.testkit.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The certificates that identity documents are verified with. AWS's own are not among them. */
final class AwsCertificates {
    private record Entry(String type, String pem) {}

    private static final String AREA = "config/certificate/";

    private final TreeMap<String, Entry> entries = new TreeMap<>();

    static boolean serves(String rest) {
        return rest.startsWith(AREA) || rest.equals("config/certificates/");
    }

    boolean exists(String rest) {
        return entries.containsKey(rest.substring(AREA.length()));
    }

    VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (rest.equals("config/certificates/")) {
            if (call.operation() != Operation.LIST) {
                throw Backend.unsupportedOperation();
            }
            return KeyTree.answer(new ArrayList<>(entries.keySet()));
        }
        String name = rest.substring(AREA.length());
        Entry known = entries.get(name);
        switch (call.operation()) {
            case READ -> {
                if (known == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(Map.of("aws_public_cert", known.pem(), "type", known.type()));
            }
            case DELETE -> {
                entries.remove(name);
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                entries.put(name, written(known, call.fields()));
                return VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        }
    }

    private static Entry written(@Nullable Entry known, Fields fields) throws VaultFailure {
        String type = fields.has("type")
                ? fields.text("type").toLowerCase(Locale.ROOT)
                : known == null ? "pkcs7" : known.type();
        if (!type.equals("pkcs7") && !type.equals("identity")) {
            throw VaultFailure.bad("invalid certificate type \"" + type + "\"");
        }
        if (!fields.has("aws_public_cert")) {
            throw VaultFailure.bad("missing aws_public_cert");
        }
        String pem = fields.text("aws_public_cert");
        try {
            pem = new String(Base64.getDecoder().decode(pem), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not in base64: the text is the certificate itself.
        }
        if (pem.isEmpty()) {
            throw VaultFailure.bad("invalid aws_public_cert");
        }
        if (Pem.certificates(pem).size() != 1) {
            throw VaultFailure.wrapped(500, "invalid certificate; should be one PEM block only");
        }
        return new Entry(type, pem);
    }

    List<X509Certificate> ofType(String type) {
        List<X509Certificate> found = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.type().equals(type)) {
                found.addAll(Pem.certificates(entry.pem()));
            }
        }
        return found;
    }

    /** The document, if one of the certificates signed it. */
    InstanceIdentity verified(byte[] document, byte[] signature) throws VaultFailure {
        for (X509Certificate certificate : ofType("identity")) {
            try {
                Signature check = Signature.getInstance("SHA256withRSA");
                check.initVerify(certificate.getPublicKey());
                check.update(document);
                if (check.verify(signature)) {
                    return InstanceIdentity.of(document);
                }
            } catch (GeneralSecurityException e) {
                // Not this certificate's.
            }
        }
        throw new VaultFailure(
                500, List.of("instance identity verification using SHA256 RSA signature is unsuccessful"));
    }
}
