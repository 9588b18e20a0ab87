package io.github.vaultlambda.testkit.sts;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which signing region an STS host name needs. */
final class StsRegion {
    private static final Pattern REGIONAL =
            Pattern.compile("sts(?:-fips)?\\.([a-z0-9-]+)\\.(?:amazonaws\\.com|amazonaws\\.com\\.cn|api\\.aws)");

    private StsRegion() {}

    /** Whether it is the endpoint of no region. */
    static boolean isGlobal(@Nullable String hostHeader) {
        return hostHeader != null && hostHeader.toLowerCase(Locale.ROOT).matches("sts\\.amazonaws\\.com(:\\d+)?");
    }

    /** True when {@code region} may sign for this Host header; hosts that are not AWS's take every region. */
    static boolean suits(String hostHeader, String region) {
        String host = hostHeader.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
        if (host.equals("sts.amazonaws.com")) {
            return region.equals("us-east-1");
        }
        Matcher matcher = REGIONAL.matcher(host);
        return !matcher.matches() || matcher.group(1).equals(region);
    }
}
