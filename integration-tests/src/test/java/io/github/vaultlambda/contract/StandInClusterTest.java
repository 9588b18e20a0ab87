package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.testkit.VaultRequestLog;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clusters, on the stand-in alone: the real engine is one node, and a state that reads have to wait for is a thing of Vault
 * Enterprise.
 */
class StandInClusterTest {
    private final StandInEngine engine = new StandInEngine();
    private final Bench bench = Bench.start(engine);
    private final VaultStandIn leader = engine.vault();
    private final VaultStandIn standby = VaultStandIn.start();

    @BeforeEach
    void cluster() {
        leader.becomeLeader();
        standby.becomeStandby(leader.address());
        leader.clearRequests();
    }

    @AfterEach
    void stop() {
        standby.close();
        bench.close();
    }

    @Test
    void standbySendsLoginAndReadToItsLeader() {
        ContractSession session = bench.session(bench.config().address(standby.address()));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench.password());
        assertThat(answers(standby, "auth/aws/login")).containsExactly(307);
        assertThat(answers(leader, "auth/aws/login")).containsExactly(200);
        assertThat(answers(leader, Bench.SECRET)).containsExactly(200);
        assertThat(session.waits()).as("a redirect is no failure").isEmpty();
    }

    @Test
    void tokenIsRenewedAtTheLeader() {
        ContractSession session =
                bench.session(bench.config().address(standby.address()), bench.loginAs(Bench.SHORT_ROLE));
        session.token();
        session.putClockForward(Bench.SHORT_TTL.minusSeconds(11));
        session.read(Bench.SECRET);
        assertThat(answers(leader, "auth/token/renew-self")).containsExactly(200);
    }

    @Test
    void redirectIsNotFollowedWhereThatIsForbidden() {
        ContractSession session =
                bench.session(bench.config().address(standby.address()).followRedirects(false));
        VaultRequestException refused = failureOf(VaultRequestException.class, session::token);
        assertThat(refused.status()).isEqualTo(307);
        assertThat(refused.getMessage()).contains(leader.address().toString());
        assertThat(refused.hint()).contains("VAULT_DISABLE_REDIRECTS", "VAULT_ADDR");
        assertThat(leader.requests()).isEmpty();
    }

    @Test
    void clusterWithoutLeaderIsTriedAgain() {
        standby.becomeStandbyWithoutLeader();
        ContractSession session =
                bench.session(bench.config().address(standby.address()).maxRetries(1));
        VaultUnavailableException unavailable = failureOf(VaultUnavailableException.class, session::token);
        assertThat(unavailable.status()).isEqualTo(503);
        assertThat(session.waits()).hasSize(1);
        standby.becomeStandby(leader.address());
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench.password());
    }

    @Test
    void readThatIsTooEarlyIsTriedAgainWithTheStateOfTheLogin() {
        leader.becomePerformanceStandby(leader.address());
        leader.lagBehind(2);
        ContractSession session = bench.session(bench.config().maxRetries(2));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench.password());
        assertThat(answers(leader, Bench.SECRET)).containsExactly(412, 412, 200);
        assertThat(session.waits()).hasSize(2);
        assertThat(session.logins()).as("the token is not to blame").isEqualTo(1);
    }

    @Test
    void readThatStaysTooEarlySaysSo() {
        leader.becomePerformanceStandby(leader.address());
        leader.lagBehind(9);
        ContractSession session = bench.session(bench.config().maxRetries(1));
        VaultUnavailableException early = failureOf(VaultUnavailableException.class, () -> session.read(Bench.SECRET));
        assertThat(early.status()).isEqualTo(412);
        assertThat(early.errors()).containsExactly("required index state not present");
        leader.catchUp();
        session.read(Bench.SECRET);
        assertThat(session.logins()).isEqualTo(1);
    }

    private static List<Integer> answers(VaultStandIn vault, String path) {
        return vault.requests().stream()
                .filter(request -> request.path().equals(path))
                .map(VaultRequestLog::status)
                .toList();
    }
}
