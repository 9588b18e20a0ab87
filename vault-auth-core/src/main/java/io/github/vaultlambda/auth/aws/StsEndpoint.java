package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The STS host that a login request is signed for, and the region in its signature. Both come from one decision, because STS
 * refuses a signature whose region is not the host's, and Vault forwards the request to the host that its own mount names.
 *
 * <p>Without other settings the rule is that of the AWS SDKs' {@code legacy} mode, which HashiCorp's released extension and
 * therefore the Vault mounts in the field follow: functions in the {@linkplain #GLOBAL_REGIONS older regions} sign for the
 * global host {@code sts.amazonaws.com} in {@code us-east-1}, all others for the STS host of their own region.
 *
 * @param host the STS host, such as {@code sts.amazonaws.com} or {@code sts.eu-west-1.amazonaws.com}
 * @param signingRegion the region named in the signature's credential scope
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html">AWS STS Regional
 *     endpoints</a>
 */
public record StsEndpoint(String host, String signingRegion) {
    /** The regions from which the {@code legacy} mode signs for the global host. */
    static final Set<String> GLOBAL_REGIONS = Set.of(
            "ap-northeast-1",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "aws-global",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2");

    private static final StsEndpoint GLOBAL = new StsEndpoint("sts.amazonaws.com", "us-east-1");

    /** Checks that neither part is null. */
    public StsEndpoint {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(signingRegion, "signingRegion");
    }

    /** The host of no region, {@code sts.amazonaws.com}, signed in {@code us-east-1}: what a Vault mount uses by default. */
    public static StsEndpoint global() {
        return GLOBAL;
    }

    /** The STS host of one region, whatever the function's own region is. */
    public static StsEndpoint regional(String region) {
        return regional(region, false, false);
    }

    /** The address to which a request of our own to this endpoint goes. */
    public URI uri() {
        return URI.create("https://" + host + "/");
    }

    /**
     * Decides from {@code VAULT_STS_ENDPOINT_REGION}, {@code AWS_REGION}, {@code AWS_DEFAULT_REGION}, {@code
     * AWS_STS_REGIONAL_ENDPOINTS}, {@code AWS_USE_FIPS_ENDPOINT} and {@code AWS_USE_DUALSTACK_ENDPOINT}; a region that is none
     * becomes a fault of the settings.
     */
    public static StsEndpoint read(EnvironmentSettings settings) {
        boolean fips = isTrue(settings.text("AWS_USE_FIPS_ENDPOINT"));
        boolean dualStack = isTrue(settings.text("AWS_USE_DUALSTACK_ENDPOINT"));
        String asked = settings.text("VAULT_STS_ENDPOINT_REGION");
        if (asked != null) {
            return regionOrFault(settings, "VAULT_STS_ENDPOINT_REGION", asked, fips, dualStack);
        }
        String variable = "AWS_REGION";
        String region = settings.text(variable);
        if (region == null) {
            variable = "AWS_DEFAULT_REGION";
            region = settings.text(variable);
        }
        boolean regionalMode = "regional".equalsIgnoreCase(settings.text("AWS_STS_REGIONAL_ENDPOINTS"));
        if (region == null || (GLOBAL_REGIONS.contains(region) && !regionalMode && !fips && !dualStack)) {
            return GLOBAL;
        }
        return regionOrFault(settings, variable, region, fips, dualStack);
    }

    /**
     * The STS host of a region for requests of our own, which not every one of them takes at the global host: that of {@code
     * VAULT_STS_ENDPOINT_REGION}, {@code AWS_REGION} or {@code AWS_DEFAULT_REGION}, FIPS and dual-stack as in {@link #read}; null
     * when no region is named.
     */
    static @Nullable StsEndpoint readRegional(EnvironmentSettings settings) {
        for (String variable : new String[] {"VAULT_STS_ENDPOINT_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"}) {
            String region = settings.text(variable);
            if (region != null) {
                return regionOrFault(
                        settings,
                        variable,
                        region,
                        isTrue(settings.text("AWS_USE_FIPS_ENDPOINT")),
                        isTrue(settings.text("AWS_USE_DUALSTACK_ENDPOINT")));
            }
        }
        return null;
    }

    private static StsEndpoint regionOrFault(
            EnvironmentSettings settings, String variable, String region, boolean fips, boolean dualStack) {
        if (!isRegion(region)) {
            settings.fault(variable + " is \"" + region + "\", which is no AWS region: write one such as eu-west-1");
            return GLOBAL;
        }
        return regional(region, fips, dualStack);
    }

    /** Lower-case letters and digits in two or more parts with a hyphen between them. */
    static boolean isRegion(String text) {
        boolean hyphen = false;
        char before = '-';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '-') {
                if (before == '-') {
                    return false;
                }
                hyphen = true;
            } else if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
            before = c;
        }
        return hyphen && before != '-';
    }

    private static StsEndpoint regional(String region, boolean fips, boolean dualStack) {
        if (region.equals("aws-global")) {
            return GLOBAL;
        }
        // GovCloud's ordinary STS hosts are the validated ones; only its dual-stack hosts have a name for it.
        String service = fips && (dualStack || !region.startsWith("us-gov-")) ? "sts-fips." : "sts.";
        return new StsEndpoint(service + region + "." + suffix(region, dualStack), region);
    }

    /** The domain of the region's partition. */
    private static String suffix(String region, boolean dualStack) {
        if (region.startsWith("cn-")) {
            return dualStack ? "api.amazonwebservices.com.cn" : "amazonaws.com.cn";
        }
        if (region.startsWith("eusc-")) {
            return dualStack ? "api.amazonwebservices.eu" : "amazonaws.eu";
        }
        if (region.startsWith("us-iso-")) {
            return dualStack ? "api.aws.ic.gov" : "c2s.ic.gov";
        }
        if (region.startsWith("us-isob-")) {
            return dualStack ? "api.aws.scloud" : "sc2s.sgov.gov";
        }
        if (region.startsWith("us-isof-")) {
            return dualStack ? "api.aws.hci.ic.gov" : "csp.hci.ic.gov";
        }
        if (region.startsWith("eu-isoe-")) {
            return dualStack ? "api.cloud-aws.adc-e.uk" : "cloud.adc-e.uk";
        }
        return dualStack ? "api.aws" : "amazonaws.com";
    }

    private static boolean isTrue(@Nullable String value) {
        return "true".equalsIgnoreCase(value);
    }
}
