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
        boolean isDenied = failure instanceof VaultPermissionException;
        VaultNotFoundException missing = failure instanceof VaultNotFoundException e ? e : null;
        if (!isDenied && missing == null) {
            return failure;
        }
        String hint;
        if (mount != null && mount.kv() == 2) {
            if (path.equals(asked)) {
                return failure;
            }
            String moved = mount.description() + ", so " + path + " is read at " + asked;
            hint = failure.hint() == null ? moved : failure.hint() + "; " + moved;
        } else {
            String engine = mount == null ? KvPath.guess(path) : engine(path, mount);
            if (engine == null) {
                return failure;
            }
            hint = (isDenied ? "give the policy of this Vault role the capability for this path" : "check the path")
                    + "; " + engine;
        }
        VaultFailure better = like(failure).withHint(hint);
        return missing == null
                ? new VaultPermissionException(better)
                : new VaultNotFoundException(better, missing.answer());
    }

    /** The same failure; of a version that is not there, as neither the secret may be, Vault says nothing more. */
    static VaultException ofVersion(VaultException failure, @Nullable Integer version) {
        return version != null
                        && failure instanceof VaultNotFoundException missing
                        && "check the path".equals(failure.hint())
                ? new VaultNotFoundException(
                        like(failure).withHint("check the path, and whether there is a version " + version),
                        missing.answer())
                : failure;
    }

    private static String engine(String path, Mount mount) {
        return mount.kv() == 1 && path.startsWith("data/", mount.path().length())
                ? mount.description() + ", whose paths have no data/ after the mount"
                : mount.isPki() && path.startsWith("issue/", mount.path().length())
                        ? mount.description() + ", which issues by POST: give parameters, as in " + path
                                + "?common_name=a.example.com"
                        : mount.description();
    }

    private static VaultFailure like(VaultException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf(". Hint: ");
        return VaultFailure.like(failure, end < 0 ? message : message.substring(0, end));
    }
}
