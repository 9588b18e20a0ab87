package io.github.vaultlambda.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host; a seam for tests. */
interface HostResolver {
    /** All addresses, in the order in which they are tried. */
    InetAddress[] resolve(String host) throws UnknownHostException;

    /** As the JDK resolves. */
    final class OfTheJdk implements HostResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return InetAddress.getAllByName(host);
        }
    }
}
