package io.tractfs.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connections that send what they should not, or nothing, and are watched until the server closes them. Not thread-safe. */
public final class Intruders implements AutoCloseable {
    private static final long PAUSE_MS = 100;

    private final List<Intruder> open = new ArrayList<>();
    private final ByteBuffer answers = ByteBuffer.allocate(1 << 16);

    /**
     * One connection.
     *
     * @param what it does, for failures
     * @param rest what it sends byte by byte from now on
     */
    private record Intruder(String what, SocketChannel channel, ByteBuffer rest) {}

    /** Connects and sends some bytes, then nothing. */
    public void send(String what, int port, byte[]... parts) throws IOException {
        drip(what, port, new byte[0], parts);
    }

    /** Connects and sends some bytes, then says that there is no more. */
    public void sendAndEnd(String what, int port, byte[]... parts) throws IOException {
        send(what, port, parts);
        try {
            open.get(open.size() - 1).channel().shutdownOutput();
        } catch (IOException e) {
            // The server was faster.
            return;
        }
    }

    /** Connects and sends some bytes, and then the others as slowly as can be. */
    public void drip(String what, int port, byte[] slowly, byte[]... parts) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Intruder intruder = new Intruder(what, channel, ByteBuffer.wrap(slowly));
        open.add(intruder);
        try {
            for (byte[] part : parts) {
                ByteBuffer bytes = ByteBuffer.wrap(part);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            // It was closed before all was sent, as awaitClosed will find.
            return;
        } finally {
            if (channel.isOpen()) {
                channel.configureBlocking(false);
            }
        }
    }

    /** How many connections have not been seen closed. */
    public int open() {
        return open.size();
    }

    /** Returns once the server has closed every connection; fails with what is still open after a while. */
    public void awaitClosed(long withinS) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(withinS);
        while (!open.isEmpty()) {
            for (Iterator<Intruder> all = open.iterator(); all.hasNext(); ) {
                Intruder one = all.next();
                if (isClosed(one)) {
                    one.channel().close();
                    all.remove();
                }
            }
            if (System.nanoTime() > deadline) {
                Map<String, Integer> left = new TreeMap<>();
                open.forEach(one -> left.merge(one.what(), 1, Integer::sum));
                throw new AssertionError("Open after " + withinS + " s: " + left);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
        }
    }

    private boolean isClosed(Intruder intruder) {
        try {
            if (intruder.rest().hasRemaining()) {
                ByteBuffer next = ByteBuffer.wrap(new byte[] {intruder.rest().get()});
                intruder.channel().write(next);
            }
            int count = 1;
            while (count > 0) {
                answers.clear();
                count = intruder.channel().read(answers);
            }
            return count < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Closes what is left. */
    @Override
    public void close() throws IOException {
        for (Intruder one : open) {
            one.channel().close();
        }
        open.clear();
    }
}
