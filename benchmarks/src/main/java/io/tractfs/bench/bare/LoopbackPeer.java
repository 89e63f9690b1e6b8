package io.tractfs.bench.bare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A TCP connection over loopback, with a thread at its far end that echoes or discards. Not thread-safe. */
final class LoopbackPeer implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final SocketChannel near;
    private final SocketChannel far;

    /**
     * Connects.
     *
     * @param echo whether the far end sends back what comes; it discards it otherwise
     */
    LoopbackPeer(boolean echo) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            near = SocketChannel.open(server.getLocalAddress());
            far = server.accept();
        }
        near.setOption(StandardSocketOptions.TCP_NODELAY, true);
        far.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread thread = new Thread(() -> serve(echo), "bare-peer");
        thread.setDaemon(true);
        thread.start();
    }

    /** The near end. */
    SocketChannel channel() {
        return near;
    }

    private void serve(boolean echo) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (far.read(buffer) >= 0) {
                buffer.flip();
                while (echo && buffer.hasRemaining()) {
                    far.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // The near end was closed: the measure is over.
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
    }
}
