package io.github.vaultlambda.testkit.vault;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The instances that EC2 would describe to Vault. Thread-safe. */
public final class Ec2Instances {
    private record Instance(String ami, boolean running) {}

    private final Map<String, Instance> instances = new ConcurrentHashMap<>();

    /** Makes an instance known, in the account and region that its own identity document must name too. */
    public void add(String id, String ami, String account, String region) {
        instances.put(key(id, account, region), new Instance(ami, true));
    }

    /** The instance is known and no longer runs. */
    public void stop(String id, String account, String region) {
        instances.computeIfPresent(key(id, account, region), (key, old) -> new Instance(old.ami(), false));
    }

    private static String key(String id, String account, String region) {
        return id + " " + account + " " + region;
    }

    /** The image of an instance that runs; the exception's text is Vault's. */
    String image(InstanceIdentity identity) throws TokenException {
        @Nullable Instance found = instances.get(key(identity.instanceId(), identity.account(), identity.region()));
        if (found == null) {
            throw new TokenException("error fetching description for instance ID \"" + identity.instanceId()
                    + "\": InvalidInstanceID.NotFound: The instance ID '" + identity.instanceId()
                    + "' does not exist");
        }
        if (!found.running()) {
            throw new TokenException("instance is not in 'running' state");
        }
        return found.ami();
    }
}
