package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** One place where clients can connect, with the thread that takes their connections. */
final class Listener implements Runnable {
    private static final Log LOG = Log.of(Listener.class);
    private static final int BACKLOG = 1024;

    /** What becomes of a connection. */
    interface Receiver {
        /** Takes it over; false when no more are taken. */
        boolean receive(SocketChannel channel) throws InterruptedException;
    }

    private final ServerSocketChannel channel;
    private final Receiver receiver;
    private final @Nullable Path file;

    private Listener(ServerSocketChannel channel, Receiver receiver, @Nullable Path file) {
        this.channel = channel;
        this.receiver = receiver;
        this.file = file;
    }

    /**
     * Listens at a TCP port.
     *
     * @param address an IP address
     * @param port 0 for any free one
     * @throws IOException when the port is taken, with what to do in the message
     */
    static Listener tcp(String address, int port, Receiver receiver) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
            return new Listener(channel, receiver, null);
        } catch (BindException e) {
            channel.close();
            throw new IOException(
                    "The proxy cannot listen on " + address + ":" + port + ": " + OneLine.of(e)
                            + ". Hint: is there another Vault extension or agent? " + ProxySettings.PORT
                            + " sets another port",
                    e);
        }
    }

    /**
     * Listens at a Unix socket, which only its owner can use. Directories are made for it; a socket that a dead process left
     * there is replaced.
     *
     * @throws IOException when it cannot be made there, with what to do in the message
     */
    static Listener unix(String path, Receiver receiver) throws IOException {
        Path file = Path.of(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path directory = file.getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            removeDeadSocket(file);
            channel.bind(UnixDomainSocketAddress.of(file), BACKLOG);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return new Listener(channel, receiver, file);
        } catch (IOException e) {
            channel.close();
            String why = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : OneLine.of(e);
            throw new IOException(
                    "The proxy cannot listen at " + path + ": " + why + ". Hint: " + ProxySettings.SOCKET
                            + " must name a file in a folder that can be written, such as /tmp/vault/proxy.sock",
                    e);
        }
    }

    /** For messages. */
    String address() {
        return file != null ? "unix:" + file : host() + ":" + port();
    }

    /** The TCP port, or -1. */
    int port() {
        InetSocketAddress address = inet();
        return address == null ? -1 : address.getPort();
    }

    /** Whether clients come over TCP. */
    boolean isTcp() {
        return file == null;
    }

    void start() {
        Thread thread = new Thread(null, this, "proxy-accept", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes connections until it is closed. */
    @Override
    public void run() {
        try {
            while (true) {
                SocketChannel client = channel.accept();
                if (file == null) {
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                if (!receiver.receive(client)) {
                    client.close();
                    return;
                }
            }
        } catch (ClosedChannelException e) {
            // The proxy stops.
        } catch (IOException e) {
            LOG.error("No more connections are taken at {}: {}", address(), OneLine.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more connections. */
    void close() {
        try {
            channel.close();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("{} is not closed in order: {}", address(), OneLine.of(e));
        }
    }

    private String host() {
        InetSocketAddress address = inet();
        String host = address == null ? "" : address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private @Nullable InetSocketAddress inet() {
        try {
            return channel.getLocalAddress() instanceof InetSocketAddress address ? address : null;
        } catch (IOException e) {
            return null; // closed
        }
    }

    private static void removeDeadSocket(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean other = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                || Files.isSymbolicLink(file);
        if (other) {
            throw new IOException("there is something else of that name");
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(file)).close();
        } catch (IOException e) {
            Files.delete(file); // nobody answers
            return;
        }
        throw new BindException("another process listens there");
    }
}
