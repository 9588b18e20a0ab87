package io.github.vaultlambda.testkit.vault;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** The names in a certificate. */
final class CertNames {
    private CertNames() {}

    /** The common name; empty without. */
    static String commonName(X509Certificate certificate) {
        List<String> names = attributes(certificate, "CN");
        return names.isEmpty() ? "" : names.get(0);
    }

    /** The values of an attribute of the subject, such as {@code OU}. */
    static List<String> attributes(X509Certificate certificate, String type) {
        String name = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        List<String> values = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i <= name.length(); i++) {
            char c = i < name.length() ? name.charAt(i) : ',';
            if (c == '\\' && i + 1 < name.length()) {
                part.append(name.charAt(++i));
            } else if (c == ',' || c == '+') {
                if (part.toString().startsWith(type + "=")) {
                    values.add(part.substring(type.length() + 1));
                }
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        return values;
    }

    /** Subject alternative names of a kind: 1 is email, 2 is DNS, 6 is URI. */
    static List<String> alternatives(X509Certificate certificate, int kind) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (Integer.valueOf(kind).equals(name.get(0))) {
                        names.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // A certificate whose names cannot be read has none.
        }
        return names;
    }

    /** The subject's key id as {@code 0a:1b}; empty without. */
    static String subjectKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue("2.5.29.14");
        // An octet string in an octet string.
        return extension == null ? "" : hex(extension, 4);
    }

    /** The issuer's key id as {@code 0a:1b}; empty without. */
    static String authorityKeyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue("2.5.29.35");
        // A sequence in an octet string; the id has the tag 0 in it.
        return extension == null || extension.length < 6 || (extension[4] & 0xff) != 0x80 ? "" : hex(extension, 6);
    }

    private static String hex(byte[] extension, int start) {
        int length = Math.min(extension[start - 1] & 0xff, extension.length - start);
        return HexFormat.ofDelimiter(":").formatHex(extension, start, start + length);
    }
}
