package io.github.vaultlambda.secrets;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultRequestException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Renews leases, knows those that are still alive, and ends them. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/system/leases">Vault: /sys/leases</a>
 */
final class LeaseKeeper {
    private static final Log LOG = Log.of(LeaseKeeper.class);
    /** A lease that is renewed is still alive, so nobody waits long for it. */
    private static final Duration RENEWAL_TIMEOUT = Duration.ofSeconds(3);

    private final VaultSession session;
    /** By id; also those whose secret was replaced and that are left to run out. */
    private final ConcurrentMap<String, Lease> alive = new ConcurrentHashMap<>();

    LeaseKeeper(VaultSession session) {
        this.session = session;
    }

    void keep(Lease lease, long nowMillis) {
        alive.values().removeIf(other -> other.endsAtMillis() <= nowMillis);
        alive.put(lease.id(), lease);
    }

    /** Their token lives on, and they with it. */
    void tokenRenewed(VaultToken token) {
        for (Lease lease : alive.values()) {
            if (lease.hangsOn(token)) {
                alive.replace(lease.id(), lease, lease.hangingOn(token));
            }
        }
    }

    /** Knows no lease any more, without ending any. */
    void forget() {
        alive.clear();
    }

    /**
     * Asks Vault to renew a lease.
     *
     * @return the lease in its new life; not renewable any more when Vault refused, and ended when Vault knows it no longer
     * @throws VaultUnavailableException when Vault could not be asked
     */
    Lease renew(Lease lease, SecretOptions options, Deadline deadline) {
        Duration increment = options.leaseIncrement();
        Duration wished = increment == null || increment.toSeconds() == 0 ? lease.firstDuration() : increment;
        VaultToken token = session.token(deadline);
        Lease next;
        try {
            VaultResponse response = session.endpoint()
                    .sendOnce(
                            VaultRequest.repeatablePut(
                                    "sys/leases/renew",
                                    SecretValue.of(Map.of(
                                            "lease_id",
                                            SecretValue.of(lease.id()),
                                            "increment",
                                            SecretValue.of(wished.toSeconds() + "s")))),
                            token,
                            deadline.within(RENEWAL_TIMEOUT));
            next = lease.renewedBy(response, wished);
            LOG.info(
                    "Lease {} is renewed for {} s",
                    lease,
                    response.leaseDuration().toSeconds());
        } catch (VaultUnavailableException e) {
            throw e;
        } catch (VaultRequestException e) {
            boolean gone = saysThatItIsOver(e);
            LOG.info("Lease {} is not renewed: {}", lease, e.getMessage());
            if (gone) {
                alive.remove(lease.id());
                return lease.endedAt(session.platform().clock().millis());
            }
            next = lease.notRenewable();
        } catch (VaultPermissionException e) {
            LOG.warn(
                    "Lease {} is not renewed, so it lives to its end unless its token is dead: {}",
                    lease,
                    e.getMessage());
            next = lookUp(lease.notRenewable(), token, deadline);
        } catch (VaultException e) {
            LOG.warn("Lease {} is not renewed, so it lives to its end: {}", lease, e.getMessage());
            next = lease.notRenewable();
        }
        Lease known = alive.get(lease.id());
        if (known != null) {
            alive.replace(lease.id(), known, known.livingAs(next));
        }
        return next;
    }

    /**
     * Asks Vault whether a lease is alive.
     *
     * @return the lease without doubt, or ended
     * @throws VaultUnavailableException when Vault could not be asked
     */
    Lease lookUp(Lease lease, VaultToken token, Deadline deadline) {
        try {
            SecretValue data = session.endpoint()
                    .sendOnce(about("sys/leases/lookup", lease), token, deadline.within(RENEWAL_TIMEOUT))
                    .data();
            if (data != null && data.number("ttl", 0) > 0) {
                return lease.assured();
            }
            alive.remove(lease.id());
        } catch (VaultUnavailableException e) {
            throw e;
        } catch (VaultRequestException e) {
            LOG.info("Lease {} has ended with its token: {}", lease, e.getMessage());
            alive.remove(lease.id());
        } catch (VaultException e) {
            LOG.info("Lease {} is not used any more, for its token was refused: {}", lease, e.getMessage());
        }
        return lease.endedAt(session.platform().clock().millis());
    }

    private static VaultRequest about(String path, Lease lease) {
        return VaultRequest.repeatablePut(path, SecretValue.of(Map.of("lease_id", SecretValue.of(lease.id()))));
    }

    /** Vault says with status 400 that a lease is "not found", "expired", or "is expired and has failed previous ...". */
    private static boolean saysThatItIsOver(VaultRequestException refusal) {
        String said = String.join(" ", refusal.errors());
        return said.contains("lease not found") || said.contains("lease expired") || said.contains("lease is expired");
    }

    /** Ends every lease that is alive, as far as the time goes. What cannot be ended runs out by itself. */
    void revokeAll(Deadline deadline) {
        List<Lease> leases = new ArrayList<>(alive.values());
        alive.clear();
        long now = session.platform().clock().millis();
        int revoked = 0;
        int left = leases.size();
        for (Lease lease : leases) {
            left--;
            if (lease.endsAtMillis() <= now) {
                continue;
            }
            if (deadline.isOver()) {
                left++;
                LOG.warn("No time to revoke {} leases, which run out by themselves", left);
                return;
            }
            try {
                session.endpoint().sendOnce(about("sys/leases/revoke", lease), session.token(deadline), deadline);
                revoked++;
            } catch (VaultPermissionException e) {
                LOG.warn(
                        "Leases are not revoked and run out by themselves: the policy must allow update on sys/leases/revoke,"
                                + " which Vault's default policy does not. VAULT_REVOKE_TOKEN_ON_CLOSE revokes the token and"
                                + " with it its leases, and needs no such right");
                return;
            } catch (VaultException e) {
                LOG.warn("Lease {} could not be revoked and runs out by itself: {}", lease, e.getMessage());
            } catch (IllegalStateException e) {
                LOG.warn("No lease is revoked: {}", e.getMessage()); // somebody has closed the session before
                return;
            }
        }
        if (revoked > 0) {
            LOG.info("Revoked {} leases", revoked);
        }
    }
}
