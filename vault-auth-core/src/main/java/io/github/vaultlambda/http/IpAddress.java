package io.github.vaultlambda.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses that are written as numbers. */
final class IpAddress {
    private IpAddress() {}

    /** The four or sixteen bytes of an address without brackets, or null when the text is a name. Never asks a name server. */
    static byte @Nullable [] bytes(String text) {
        return text.indexOf(':') >= 0 ? version6(text) : version4(text);
    }

    /** Whether the bytes are an address of this machine itself. */
    static boolean isLoopback(byte[] address) {
        if (address.length == 4) {
            return address[0] == 127;
        }
        for (int i = 0; i < 15; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[15] == 1;
    }

    private static byte @Nullable [] version4(String text) {
        byte[] address = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return null;
                }
                address[part++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9') {
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return part == 4 ? address : null;
    }

    private static byte @Nullable [] version6(String text) {
        int zone = text.indexOf('%');
        for (int i = 0; i < (zone < 0 ? text.length() : zone); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > ':') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') && c != '.') {
                return null; // the JDK would ask a name server for "host:8080"
            }
        }
        try {
            // With these characters only, and a colon among them, the JDK takes this for a number or throws.
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
