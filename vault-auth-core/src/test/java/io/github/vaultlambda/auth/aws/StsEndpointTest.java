package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table is the one of vault-lambda-extension 0.14.0, whose mounts are in the field. */
class StsEndpointTest {
    private static final String GLOBAL_HOST = "sts.amazonaws.com";

    /** Variables in the form {@code NAME=value NAME=value}. */
    private static StsEndpoint endpoint(String variables) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.strip().split("\\s+", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        StsEndpoint endpoint = StsEndpoint.read(settings);
        settings.rejectFaults();
        return endpoint;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ap-northeast-1",
                "ap-south-1",
                "ap-southeast-1",
                "ap-southeast-2",
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
                "us-west-2",
                "aws-global"
            })
    void olderRegionsSignForTheGlobalHost(String region) {
        assertThat(endpoint("AWS_REGION=" + region)).isEqualTo(new StsEndpoint(GLOBAL_HOST, "us-east-1"));
    }

    @ParameterizedTest
    @CsvSource({
        // opt-in and newer regions
        "AWS_REGION=eu-south-1, sts.eu-south-1.amazonaws.com, eu-south-1",
        "AWS_REGION=ap-northeast-2, sts.ap-northeast-2.amazonaws.com, ap-northeast-2",
        "AWS_REGION=af-south-1, sts.af-south-1.amazonaws.com, af-south-1",
        "AWS_REGION=me-central-1, sts.me-central-1.amazonaws.com, me-central-1",
        "AWS_DEFAULT_REGION=eu-south-1, sts.eu-south-1.amazonaws.com, eu-south-1",
        "AWS_REGION=eu-south-1 AWS_DEFAULT_REGION=eu-west-1, sts.eu-south-1.amazonaws.com, eu-south-1",
        "AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-south-1, sts.amazonaws.com, us-east-1",
        // other partitions
        "AWS_REGION=us-gov-west-1, sts.us-gov-west-1.amazonaws.com, us-gov-west-1",
        "AWS_REGION=us-gov-east-1 AWS_USE_FIPS_ENDPOINT=true, sts.us-gov-east-1.amazonaws.com, us-gov-east-1",
        "AWS_REGION=us-gov-west-1 AWS_USE_DUALSTACK_ENDPOINT=true, sts.us-gov-west-1.api.aws, us-gov-west-1",
        "AWS_REGION=cn-north-1, sts.cn-north-1.amazonaws.com.cn, cn-north-1",
        "AWS_REGION=cn-northwest-1, sts.cn-northwest-1.amazonaws.com.cn, cn-northwest-1",
        "AWS_REGION=cn-north-1 AWS_USE_DUALSTACK_ENDPOINT=true, sts.cn-north-1.api.amazonwebservices.com.cn, cn-north-1",
        "AWS_REGION=us-iso-east-1, sts.us-iso-east-1.c2s.ic.gov, us-iso-east-1",
        "AWS_REGION=us-isob-east-1, sts.us-isob-east-1.sc2s.sgov.gov, us-isob-east-1",
        // FIPS and dual-stack are regional wherever the function is
        "AWS_REGION=us-east-1 AWS_USE_FIPS_ENDPOINT=true, sts-fips.us-east-1.amazonaws.com, us-east-1",
        "AWS_REGION=eu-west-1 AWS_USE_DUALSTACK_ENDPOINT=TRUE, sts.eu-west-1.api.aws, eu-west-1",
        "AWS_REGION=us-west-2 AWS_USE_FIPS_ENDPOINT=true AWS_USE_DUALSTACK_ENDPOINT=true, sts-fips.us-west-2.api.aws, us-west-2",
        "AWS_REGION=us-east-1 AWS_USE_FIPS_ENDPOINT=false AWS_USE_DUALSTACK_ENDPOINT=1, sts.amazonaws.com, us-east-1",
        // the SDKs' switch
        "AWS_REGION=us-east-1 AWS_STS_REGIONAL_ENDPOINTS=regional, sts.us-east-1.amazonaws.com, us-east-1",
        "AWS_REGION=eu-west-1 AWS_STS_REGIONAL_ENDPOINTS=Regional, sts.eu-west-1.amazonaws.com, eu-west-1",
        "AWS_REGION=eu-west-1 AWS_STS_REGIONAL_ENDPOINTS=legacy, sts.amazonaws.com, us-east-1",
        "AWS_REGION=eu-south-1 AWS_STS_REGIONAL_ENDPOINTS=legacy, sts.eu-south-1.amazonaws.com, eu-south-1",
        "AWS_REGION=aws-global AWS_STS_REGIONAL_ENDPOINTS=regional, sts.amazonaws.com, us-east-1",
        // named for the login, whatever the function's own region is
        "VAULT_STS_ENDPOINT_REGION=us-west-2, sts.us-west-2.amazonaws.com, us-west-2",
        "VAULT_STS_ENDPOINT_REGION=us-east-1 AWS_REGION=eu-south-1, sts.us-east-1.amazonaws.com, us-east-1",
        "VAULT_STS_ENDPOINT_REGION=cn-north-1 AWS_REGION=eu-west-1, sts.cn-north-1.amazonaws.com.cn, cn-north-1",
        "VAULT_STS_ENDPOINT_REGION=us-west-2 AWS_USE_FIPS_ENDPOINT=true, sts-fips.us-west-2.amazonaws.com, us-west-2",
        "VAULT_STS_ENDPOINT_REGION=aws-global AWS_REGION=eu-south-1, sts.amazonaws.com, us-east-1",
        // no region at all
        "'', sts.amazonaws.com, us-east-1",
        "AWS_STS_REGIONAL_ENDPOINTS=regional, sts.amazonaws.com, us-east-1",
    })
    void hostAndRegionAreOneDecision(String variables, String host, String region) {
        assertThat(endpoint(variables)).isEqualTo(new StsEndpoint(host, region));
    }

    /** Each partition's regions, the start of its ordinary and its FIPS hosts, and its domains. */
    @ParameterizedTest
    @CsvSource({
        "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1"
                + " ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1"
                + " ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3"
                + " il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2,"
                + " sts-fips, amazonaws.com, api.aws",
        "us-gov-east-1 us-gov-west-1, sts, amazonaws.com, api.aws",
        "cn-north-1 cn-northwest-1, sts-fips, amazonaws.com.cn, api.amazonwebservices.com.cn",
        "eusc-de-east-1, sts-fips, amazonaws.eu, api.amazonwebservices.eu",
        "us-iso-east-1 us-iso-west-1, sts-fips, c2s.ic.gov, api.aws.ic.gov",
        "us-isob-east-1 us-isob-west-1, sts-fips, sc2s.sgov.gov, api.aws.scloud",
        "us-isof-east-1 us-isof-south-1, sts-fips, csp.hci.ic.gov, api.aws.hci.ic.gov",
        "eu-isoe-west-1, sts-fips, cloud.adc-e.uk, api.cloud-aws.adc-e.uk",
    })
    void everyRegionOfEveryPartition(String regions, String fips, String domain, String dualStackDomain) {
        for (String region : regions.split(" ", -1)) {
            String variables = "VAULT_STS_ENDPOINT_REGION=" + region;
            String both = " AWS_USE_FIPS_ENDPOINT=true AWS_USE_DUALSTACK_ENDPOINT=true";
            assertThat(endpoint(variables)).isEqualTo(new StsEndpoint("sts." + region + "." + domain, region));
            assertThat(endpoint(variables + " AWS_USE_FIPS_ENDPOINT=true"))
                    .isEqualTo(new StsEndpoint(fips + "." + region + "." + domain, region));
            assertThat(endpoint(variables + " AWS_USE_DUALSTACK_ENDPOINT=true"))
                    .isEqualTo(new StsEndpoint("sts." + region + "." + dualStackDomain, region));
            assertThat(endpoint(variables + both))
                    .isEqualTo(new StsEndpoint("sts-fips." + region + "." + dualStackDomain, region));

            StsEndpoint own = endpoint("AWS_REGION=" + region);
            assertThat(own)
                    .isEqualTo(
                            StsEndpoint.GLOBAL_REGIONS.contains(region)
                                    ? StsEndpoint.global()
                                    : StsEndpoint.regional(region));
            assertThat(endpoint("AWS_REGION=" + region + " AWS_STS_REGIONAL_ENDPOINTS=regional"))
                    .isEqualTo(StsEndpoint.regional(region));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_REGION=us-east-1, sts.us-east-1.amazonaws.com, us-east-1",
        "AWS_DEFAULT_REGION=eu-west-1, sts.eu-west-1.amazonaws.com, eu-west-1",
        "VAULT_STS_ENDPOINT_REGION=eu-west-1 AWS_REGION=us-east-1, sts.eu-west-1.amazonaws.com, eu-west-1",
        "AWS_REGION=us-gov-west-1 AWS_USE_DUALSTACK_ENDPOINT=true, sts.us-gov-west-1.api.aws, us-gov-west-1",
        "VAULT_STS_ENDPOINT_REGION=aws-global AWS_REGION=us-east-1, sts.amazonaws.com, us-east-1",
    })
    void forOwnRequestsTheRegionalHostIsMeant(String variables, String host, String region) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.split(" ", -1)) {
            environment.put(
                    variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }
        assertThat(StsEndpoint.readRegional(EnvironmentSettings.of(environment)))
                .isEqualTo(new StsEndpoint(host, region));
        assertThat(StsEndpoint.readRegional(EnvironmentSettings.of(Map.of()))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "VAULT_STS_ENDPOINT_REGION=-eu-west-1, VAULT_STS_ENDPOINT_REGION, -eu-west-1",
        "VAULT_STS_ENDPOINT_REGION=eu--west-1, VAULT_STS_ENDPOINT_REGION, eu--west-1",
        "VAULT_STS_ENDPOINT_REGION=eu-west-, VAULT_STS_ENDPOINT_REGION, eu-west-",
        "VAULT_STS_ENDPOINT_REGION=eu-west-1/evil, VAULT_STS_ENDPOINT_REGION, eu-west-1/evil",
        "VAULT_STS_ENDPOINT_REGION=global, VAULT_STS_ENDPOINT_REGION, global",
        "VAULT_STS_ENDPOINT_REGION=eu-west-1.example.com, VAULT_STS_ENDPOINT_REGION, eu-west-1.example.com",
        "AWS_REGION=EU-WEST-1, AWS_REGION, EU-WEST-1",
        "AWS_DEFAULT_REGION=eu_west_1, AWS_DEFAULT_REGION, eu_west_1",
    })
    void aMalformedRegionIsAFaultOfItsVariable(String variables, String name, String value) {
        assertThatThrownBy(() -> endpoint(variables))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 1 fault: (1) " + name + " is \"" + value
                        + "\", which is no AWS region: write one such as eu-west-1");
    }

    @Test
    void factoriesNameTheSameHosts() {
        assertThat(StsEndpoint.global()).isEqualTo(new StsEndpoint(GLOBAL_HOST, "us-east-1"));
        assertThat(StsEndpoint.regional("eu-west-1"))
                .isEqualTo(new StsEndpoint("sts.eu-west-1.amazonaws.com", "eu-west-1"));
        assertThat(StsEndpoint.regional("aws-global")).isEqualTo(StsEndpoint.global());
        assertThat(StsEndpoint.regional("cn-north-1").uri())
                .isEqualTo(URI.create("https://sts.cn-north-1.amazonaws.com.cn/"));
    }
}
