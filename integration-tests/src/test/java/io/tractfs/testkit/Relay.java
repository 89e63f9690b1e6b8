package io.tractfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between clients and a port of this machine, and holds back what they say while it is paused: so a client looks
 * that is frozen, or cut off. Nothing is lost, it comes later. Thread-safe.
 */
public final class Relay implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Guarded by this. */
    private boolean paused;

    /** Guarded by this. */
    private boolean closed;

    /** A relay to a port, with a port of its own. */
    public Relay(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** From its return on nothing more reaches the port. */
    public synchronized void pause() {
        paused = true;
    }

    /** Lets everything through again, beginning with what was held back. */
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = track(listener.accept());
            Socket server = track(new Socket(InetAddress.getLoopbackAddress(), target));
            start("to-server", () -> forward(client, server));
            start("to-client", () -> back(server, client));
        }
    }

    private Socket track(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private void forward(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (this) {
                    while (paused && !closed) {
                        wait();
                    }
                    out.write(buffer, 0, count);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void back(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    /** What a thread does until a socket is closed. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(String role, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // A side has closed: so is the other by now.
                        return;
                    }
                },
                "relay-" + role);
        thread.setDaemon(true);
        thread.start();
    }
}
