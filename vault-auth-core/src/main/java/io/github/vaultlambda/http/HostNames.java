package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a certificate is for a host (RFC 6125 as browsers and Go apply it): only the names in the extension
 * subjectAltName count, not the common name; a star stands for exactly one label and only at the beginning.
 */
final class HostNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MAX_NAMED = 10;

    private HostNames() {}

    /**
     * Checks the certificate.
     *
     * @param host a name or an address without brackets
     * @param wideWildcards whether {@code *.internal}, a star above a single label, is a name: it may be one of a private
     *     authority
     * @throws Distrust when it is for others
     */
    static void check(X509Certificate certificate, String host, boolean wideWildcards) throws Distrust {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            throw mismatch(host, null, e);
        }
        byte[] address = IpAddress.bytes(host);
        String wanted = withoutTrailingDot(host.toLowerCase(Locale.ROOT));
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(1) instanceof String text
                        && (address == null
                                ? isNumber(name, DNS_NAME)
                                        && matches(wanted, text.toLowerCase(Locale.ROOT), wideWildcards)
                                : isNumber(name, IP_ADDRESS) && Arrays.equals(address, IpAddress.bytes(text)))) {
                    return;
                }
            }
        }
        throw mismatch(host, names, null);
    }

    private static boolean isNumber(List<?> name, int type) {
        return name.get(0) instanceof Integer number && number == type;
    }

    private static boolean matches(String host, String pattern, boolean wideWildcards) {
        String wanted = withoutTrailingDot(pattern);
        if (!wanted.startsWith("*.")) {
            return host.equals(wanted);
        }
        String parent = wanted.substring(1);
        int dot = host.indexOf('.');
        return dot > 0
                && parent.length() > 1
                && host.substring(dot).equals(parent)
                && (wideWildcards || parent.indexOf('.', 1) > 0);
    }

    private static String withoutTrailingDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static Distrust mismatch(String host, @Nullable Collection<List<?>> names, @Nullable Exception cause) {
        StringBuilder text = new StringBuilder("its certificate is not for ").append(host);
        int named = 0;
        if (names != null) {
            for (List<?> name : names) {
                if (isNumber(name, DNS_NAME) || isNumber(name, IP_ADDRESS)) {
                    named++;
                    if (named <= MAX_NAMED) {
                        text.append(named == 1 ? " but for " : ", ").append(printable(String.valueOf(name.get(1))));
                    }
                }
            }
        }
        if (named == 0) {
            text.append("; it names no host at all, its common name does not count");
        } else if (named > MAX_NAMED) {
            text.append(" and ").append(named - MAX_NAMED).append(" more");
        }
        return new Distrust(
                Kind.HOST_NAME_MISMATCH,
                text.toString(),
                named == 0
                        ? "the certificate needs the host in its subjectAltName"
                        : "set VAULT_ADDR to a host of the certificate, or VAULT_TLS_SERVER_NAME to one of its names",
                cause);
    }

    /** What a certificate says, which anybody may have made: fit for a log. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length() && i < 253; i++) {
            char c = name.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.toString();
    }
}
