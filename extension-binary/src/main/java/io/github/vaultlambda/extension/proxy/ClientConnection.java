package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: reads a request, has it answered, reads the next. A thread of its own runs it; {@link #tick} and
 * {@link #end} come from others.
 */
final class ClientConnection implements Runnable {
    private static final Log LOG = Log.of(ClientConnection.class);

    /** For how many ticks a request, once begun, may come. Ticks and not time: while the process is frozen there are none. */
    private static final int REQUEST_TICKS = 100;

    private static final int LINGER_TICKS = 20;
    private static final int LINGER_BYTES = 4 * 1024;
    private static final int LINGER_PIECES = 256;

    private enum Phase {
        /** Waits for a request, for as long as the client likes. */
        IDLE,
        /** Has a part of one. */
        READING,
        /** Is answered, waits for nobody. */
        BUSY,
        /** Waits for Vault, or for another call's answer. */
        WAITING,
        /** Is answered in full, and takes what the client still sends. */
        LINGERING
    }

    private final ClientChannel channel;
    private final KnownRequests requests;
    private final ProxyHandler handler;
    private final Connections all;
    private final ClientWatch watch;
    private final HeadReader heads;
    private volatile Phase phase = Phase.IDLE;
    /** How many requests came over it; written before the phase, and read behind it. */
    private int served;

    private volatile long idleSince = System.nanoTime();
    private @Nullable Call call;
    private @Nullable Phase watchedPhase;
    private int watchedRequest;
    private int ticks;

    ClientConnection(
            ClientChannel channel, KnownRequests requests, ProxyHandler handler, Connections all, ClientWatch watch) {
        this.channel = channel;
        this.requests = requests;
        this.handler = handler;
        this.all = all;
        this.watch = watch;
        this.heads = new HeadReader(channel);
    }

    ClientChannel channel() {
        return channel;
    }

    /** Serves until one side ends. */
    @Override
    public void run() {
        try {
            serve();
        } catch (IOException e) {
            LOG.debug("A connection ended: {}", OneLine.of(e));
        } catch (RuntimeException e) {
            LOG.error("Unexpected failure; this is a fault of the extension", e);
        } finally {
            channel.close();
            all.ended(this);
        }
    }

    private void serve() throws IOException {
        while (true) {
            ClientRequest request;
            try {
                request = next();
            } catch (Refusal malformed) {
                handler.refuse(malformed, null, this);
                linger();
                return;
            }
            if (request == null) {
                return;
            }
            served++;
            phase = Phase.BUSY;
            RequestBody body = request.head().bodyLength() == 0 ? null : new RequestBody(channel, request.head());
            boolean keeps = handler.handle(request, body, this);
            if (body != null && !body.hasEnded()) {
                linger();
                return;
            }
            if (!keeps || all.isStopping()) {
                return;
            }
        }
    }

    /** The next request; null when the client sends none any more. */
    private @Nullable ClientRequest next() throws Refusal, IOException {
        int length = heads.find();
        if (length == 0) {
            idleSince = System.nanoTime();
            if (channel.available() == 0) {
                phase = Phase.IDLE;
            } else {
                watched(Phase.READING);
            }
            while (length == 0) {
                if (!heads.readMore()) {
                    return null;
                }
                length = heads.find();
                if (length == 0) {
                    watched(Phase.READING);
                }
            }
        }
        ClientRequest request = requests.read(channel.bytes(), channel.position(), length);
        channel.take(length);
        return request;
    }

    /** Waits for the body of a request, which must come in time. */
    byte[] readWhole(RequestBody body) throws IOException {
        watched(Phase.READING);
        byte[] whole = body.readWhole();
        phase = Phase.BUSY;
        return whole;
    }

    /** From now on this call waits for others; it is cancelled when the client goes meanwhile. */
    void waits(Call waiting) {
        synchronized (this) {
            call = waiting;
            phase = Phase.WAITING;
        }
        watch.need();
    }

    /** It waits no more. */
    void resumes() {
        synchronized (this) {
            phase = Phase.BUSY;
        }
    }

    /** The call, if there was one, is answered. */
    void answered() {
        synchronized (this) {
            call = null;
            phase = Phase.BUSY;
        }
    }

    boolean isIdle() {
        return phase == Phase.IDLE;
    }

    boolean isWaiting() {
        return phase == Phase.WAITING;
    }

    /** Whether a request came over it. */
    boolean hasServed() {
        return served > 0;
    }

    /** When it became idle, by {@link System#nanoTime()}. */
    long idleSince() {
        return idleSince;
    }

    /**
     * Looks after it, some times per second.
     *
     * @return whether there will be something to look after next time
     */
    boolean tick() {
        Phase current = phase;
        ticks = current == watchedPhase && served == watchedRequest ? ticks + 1 : 0;
        watchedPhase = current;
        watchedRequest = served;
        // Compared, as a switch over an enum has a class of its own: a layer's list of classes would have it or not as
        // time goes.
        if (current == Phase.READING) {
            if (ticks >= REQUEST_TICKS) {
                LOG.info("A connection is closed: its request did not come to its end in time");
                channel.close();
            }
        } else if (current == Phase.LINGERING) {
            if (ticks >= LINGER_TICKS) {
                channel.close();
            }
        } else if (current == Phase.WAITING) {
            cancelIfAbandoned();
        } else {
            return false;
        }
        return true;
    }

    /** Ends it at once, whatever it is doing. */
    void end() {
        Call current;
        synchronized (this) {
            current = call;
        }
        if (current != null) {
            current.cancel();
        }
        channel.close();
    }

    private void cancelIfAbandoned() {
        Call abandoned = null;
        synchronized (this) {
            if (phase == Phase.WAITING && call != null && call.hasWholeBody() && channel.isAbandoned()) {
                abandoned = call;
            }
        }
        if (abandoned != null) {
            LOG.debug("{} is cancelled: its client has gone", abandoned.request());
            abandoned.cancel();
        }
    }

    private void watched(Phase next) {
        phase = next;
        watch.need();
    }

    /** An answer that was sent gets lost when the connection is closed before all that the client sends was read. */
    private void linger() throws IOException {
        channel.endOutput();
        watched(Phase.LINGERING);
        byte[] nothing = new byte[LINGER_BYTES];
        for (int piece = 0; piece < LINGER_PIECES && channel.discard(nothing); piece++) {
            // what it is does not matter
        }
    }
}
