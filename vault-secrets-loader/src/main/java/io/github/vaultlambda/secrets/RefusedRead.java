package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import org.jspecify.annotations.Nullable;

/** Says of a refused read (403 or 404) what the path should be, as far as that is known. */
final class RefusedRead {
    private RefusedRead() {}

    /**
     * The same failure with a better hint, or the very same one when there is nothing to add.
     *
     * @param path as the reference names it
     * @param asked the path that was refused
     * @param mount null when it is not known
     */
    static VaultException explain(VaultException failure, String path, String asked, @Nullable Mount mount) {
        String engine = mount == null ? KvPath.guess(path) : engine(path, asked, mount);
        if (engine == null) {
            return failure;
        }
        if (failure instanceof VaultPermissionException) {
            String policy = "give the policy of this Vault role the capability for " + asked;
            return new VaultPermissionException(like(failure).withHint(policy + "; " + engine));
        }
        if (failure instanceof VaultNotFoundException) {
            return new VaultNotFoundException(like(failure).withHint("check the path; " + engine));
        }
        return failure;
    }

    private static @Nullable String engine(String path, String asked, Mount mount) {
        if (mount.kv() == 1 && path.startsWith("data/", mount.path().length())) {
            return mount.description() + ", whose paths have no data/ after the mount";
        }
        if (mount.kv() != 2) {
            return mount.description();
        }
        return path.equals(asked) ? null : mount.description() + ", so " + path + " is read at " + asked;
    }

    private static VaultFailure like(VaultException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf(". Hint: ");
        return VaultFailure.like(failure, end < 0 ? message : message.substring(0, end));
    }
}
