package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;

/** The one exchange that every login ends with: a request without a token, an answer with one. */
public final class LoginExchange {
    private LoginExchange() {}

    /**
     * Sends the request and reads the token from the answer.
     *
     * @throws VaultLoginException when Vault accepts it, but answers without a token
     * @throws io.github.vaultlambda.client.VaultException when Vault refuses or cannot be asked, as the request brought it;
     *     turning a refusal into a {@link VaultLoginException} is up to the login method, which knows what to fix
     */
    public static VaultToken send(VaultEndpoint vault, VaultRequest request, Deadline deadline) {
        VaultResponse response = vault.sendLogin(request, deadline);
        VaultToken token = VaultToken.issuedBy(response);
        if (token == null) {
            throw VaultLoginException.withoutToken(request, response);
        }
        return token;
    }
}
