package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
    private static final String CREDS = "database/creds/r";
    private static final SecretOptions OPTIONS = SecretOptions.defaults();

    private final LivingVault vault = new LivingVault().role(CREDS, 100, 1_000, true);
    private final VaultSession session = vault.session();
    private final LeaseKeeper keeper = new LeaseKeeper(session);

    private Lease lease() {
        VaultResponse response = session.client().read(CREDS);
        Lease lease = Lease.of(new SecretAnswer(response, response.body(), 0, response));
        if (lease == null) {
            throw new AssertionError("no lease");
        }
        keeper.keep(lease, vault.millis());
        return lease;
    }

    private Deadline deadline() {
        return session.client().newDeadline();
    }

    private void pass(int seconds) {
        vault.pass(Duration.ofSeconds(seconds));
    }

    @Test
    void renewsForAsLongAsItWasGivenAtFirst() {
        Lease lease = lease();
        pass(70);

        Lease renewed = keeper.renew(lease, OPTIONS, deadline());

        assertThat(renewed.endsAtMillis()).isEqualTo(vault.millis() + 100_000);
        assertThat(vault.increments).containsExactly("100s");
    }

    @Test
    void saysThatItCouldNotAsk() {
        Lease lease = lease();
        vault.outage(Outage.REFUSED_CONNECTION);

        assertThatThrownBy(() -> keeper.renew(lease, OPTIONS, deadline()))
                .isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void aRefusedOneLivesToItsEnd() {
        Lease lease = lease();
        vault.renewalsDenied = true;

        Lease next = keeper.renew(lease, OPTIONS, deadline());

        assertThat(next.renewable()).isFalse();
        assertThat(next.endsAtMillis()).isEqualTo(lease.endsAtMillis());
    }

    @Test
    void oneThatIsGoneHasEndedAndIsNotRevoked() {
        Lease lease = lease();
        vault.lease(1).revoked = true;

        assertThat(keeper.renew(lease, OPTIONS, deadline()).endsAtMillis()).isLessThanOrEqualTo(vault.millis());
        keeper.revokeAll(deadline());
        assertThat(vault.asked("sys/leases/revoke")).isZero();
    }

    @Test
    void oneThatRanOutIsNotRevoked() {
        lease();
        pass(100);

        keeper.revokeAll(deadline());

        assertThat(vault.asked("sys/leases/revoke")).isZero();
    }

    @Test
    void oneThatWasRenewedIsRevokedThoughItsFirstLifeIsOver() {
        Lease lease = lease();
        pass(70);
        keeper.renew(lease, OPTIONS, deadline());
        pass(70);
        lease(); // others that have ended are let go of

        keeper.revokeAll(deadline());

        assertThat(vault.leases).hasSize(2).allMatch(one -> one.revoked);
    }

    @Test
    void anOutageKeepsItFromNothingButRevoking() {
        lease();
        lease();
        vault.outage(Outage.STATUS_503);

        keeper.revokeAll(deadline());

        assertThat(vault.asked("sys/leases/revoke")).isEqualTo(2);
        vault.outage(Outage.NONE);
        keeper.revokeAll(deadline());
        assertThat(vault.asked("sys/leases/revoke")).as("it knows them no more").isEqualTo(2);
    }

    @Test
    void whatIsForgottenIsNotRevoked() {
        lease();
        keeper.forget();
        keeper.revokeAll(deadline());

        assertThat(vault.asked("sys/leases/revoke")).isZero();
    }

    @Test
    void revokesWhatIsIdentifiedAndNothingElse() {
        Lease lease = lease();
        session.client().read(CREDS);

        keeper.revokeAll(deadline());

        assertThat(lease.id()).isEqualTo(CREDS + "/1");
        assertThat(vault.lease(1).revoked).isTrue();
        assertThat(vault.lease(2).revoked).isFalse();
    }
}
