package io.tractfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A port of this machine behind which there is another one. It stands in for a network that loses all packets between a
 * process and a server: connections of that process stay open, and nothing comes through any more in either direction,
 * while those of others go on. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int BACKLOG = 200;
    private static final int HEX = 16;

    /** Columns of {@code /proc/net/tcp}: local address, remote address, inode. */
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private final ServerSocket server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile Set<Long> cutOff = Set.of();

    /** Listens on a free port from now on. */
    public TcpProxy() throws IOException {
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start("proxy-" + port(), this::accept);
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** What is behind it from now on; connections to what was there before are closed. */
    public void forwardTo(int newTarget) {
        target = newTarget;
        List.copyOf(links).forEach(Link::close);
    }

    /** Lets nothing through for these processes from now on. */
    public void cutOff(Set<Long> processes) {
        cutOff = Set.copyOf(processes);
    }

    /** Lets everything through; what got lost meanwhile is not made up for: connections of those cut off are closed. */
    public void heal() {
        Set<Long> before = cutOff;
        cutOff = Set.of();
        List.copyOf(links).stream()
                .filter(link -> before.contains(link.process))
                .forEach(Link::close);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List.copyOf(links).forEach(Link::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                start("proxy-link-" + client.getPort(), () -> connect(client));
            } catch (IOException e) {
                return; // It is closed.
            }
        }
    }

    private void connect(Socket client) {
        long process = ownerOf(client.getPort());
        try {
            Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
            Link link = new Link(client, behind, process);
            links.add(link);
            start("proxy-back-" + client.getPort(), () -> link.pump(behind, client));
            link.pump(client, behind);
        } catch (IOException e) {
            closeQuietly(client); // As if the connection had been refused.
        }
    }

    /** Two connections that are one. Thread-safe. */
    private final class Link {
        private final Socket client;
        private final Socket behind;
        private final long process;

        Link(Socket client, Socket behind, long process) {
            this.client = client;
            this.behind = behind;
            this.process = process;
        }

        void pump(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                int length = in.read(buffer);
                while (length >= 0) {
                    if (!cutOff.contains(process)) {
                        out.write(buffer, 0, length);
                    }
                    length = in.read(buffer);
                }
            } catch (IOException e) {
                // One side is gone; the other is told below.
            } finally {
                close();
            }
        }

        void close() {
            links.remove(this);
            closeQuietly(client);
            closeQuietly(behind);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The process that has the client's end of a connection; -1 if nobody has it any more. */
    private long ownerOf(int port) {
        Optional<String> socket = Stream.of("/proc/net/tcp6", "/proc/net/tcp")
                .flatMap(table -> lines(table).stream().skip(1))
                .map(line -> line.trim().split("\\s+"))
                .filter(words -> portOf(words[LOCAL]) == port && portOf(words[REMOTE]) == port())
                .map(words -> "socket:[" + words[INODE] + "]")
                .findFirst();
        return socket.isEmpty()
                ? -1
                : ProcessHandle.allProcesses()
                        .mapToLong(ProcessHandle::pid)
                        .filter(pid -> hasOpen(pid, socket.get()))
                        .findFirst()
                        .orElse(-1);
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEX);
    }

    private static List<String> lines(String table) {
        try {
            return Files.readAllLines(Path.of(table));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean hasOpen(long pid, String socket) {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            all.forEach(open::add);
        } catch (IOException | UncheckedIOException e) {
            return false; // It has ended, or is somebody else's.
        }
        return open.stream().anyMatch(link -> {
            try {
                return Files.readSymbolicLink(link).toString().equals(socket);
            } catch (IOException e) {
                return false; // It was closed meanwhile.
            }
        });
    }
}
