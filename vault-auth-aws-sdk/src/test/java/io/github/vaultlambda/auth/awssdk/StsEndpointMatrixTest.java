package io.github.vaultlambda.auth.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.aws.StsEndpoint;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.endpoints.AwsEndpointAttribute;
import software.amazon.awssdk.awscore.endpoints.authscheme.SigV4AuthScheme;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointParams;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;

/** The core's STS hosts beside those that the SDK's own rules give, for every region of every partition that the SDK knows. */
class StsEndpointMatrixTest {
    static Stream<Region> regions() {
        return Region.regions().stream().filter(region -> !region.isGlobalRegion());
    }

    @ParameterizedTest
    @MethodSource("regions")
    void agrees_with_the_sdk(Region region) {
        for (boolean fips : new boolean[] {false, true}) {
            for (boolean dualStack : new boolean[] {false, true}) {
                assertThat(ours(region, fips, dualStack, true))
                        .as("%s fips %s dual-stack %s", region, fips, dualStack)
                        .isEqualTo(sdks(region, fips, dualStack, false));
            }
        }
    }

    /** The SDK for Java has dropped its legacy mode, but its rules still know which regions that took to the global host. */
    @ParameterizedTest
    @MethodSource("regions")
    void agrees_with_the_sdks_legacy_rules(Region region) {
        assertThat(ours(region, false, false, false)).isEqualTo(sdks(region, false, false, true));
    }

    private static StsEndpoint ours(Region region, boolean fips, boolean dualStack, boolean regional) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", region.id());
        environment.put("AWS_USE_FIPS_ENDPOINT", String.valueOf(fips));
        environment.put("AWS_USE_DUALSTACK_ENDPOINT", String.valueOf(dualStack));
        environment.put("AWS_STS_REGIONAL_ENDPOINTS", regional ? "regional" : "legacy");
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        StsEndpoint endpoint = StsEndpoint.read(settings);
        settings.rejectFaults();
        return endpoint;
    }

    private static StsEndpoint sdks(Region region, boolean fips, boolean dualStack, boolean legacy) {
        Endpoint endpoint = StsEndpointProvider.defaultProvider()
                .resolveEndpoint(StsEndpointParams.builder()
                        .region(region)
                        .useFips(fips)
                        .useDualStack(dualStack)
                        .useGlobalEndpoint(legacy)
                        .build())
                .join();
        String signingRegion = region.id();
        var schemes = endpoint.attribute(AwsEndpointAttribute.AUTH_SCHEMES);
        if (schemes != null && !schemes.isEmpty() && schemes.get(0) instanceof SigV4AuthScheme scheme) {
            signingRegion = scheme.signingRegion() == null ? signingRegion : scheme.signingRegion();
        }
        return new StsEndpoint(endpoint.endpointUrl().host(), signingRegion);
    }
}
