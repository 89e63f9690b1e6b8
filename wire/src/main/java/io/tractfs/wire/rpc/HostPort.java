package io.tractfs.wire.rpc;

/**
 * A host, by name or address, and a port. Host names stay unresolved: they are looked up when a connection is made.
 * Immutable.
 *
 * @param host name, IPv4 literal or IPv6 literal without its brackets
 * @param port 0 to 65535; 0 only where a free port is asked for
 */
public record HostPort(String host, int port) implements Comparable<HostPort> {
    private static final int MAX_PORT = 65_535;

    /** Checks both parts. */
    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("expected a host name, got an empty one");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("expected a port from 0 to " + MAX_PORT + ", got " + port);
        }
    }

    /**
     * Reads {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static HostPort parse(String text) {
        return parse(text, -1);
    }

    /**
     * Reads {@code host:port}, {@code [ipv6]:port}, or either without its port.
     *
     * @param defaultPort taken where the text names none; negative if it must name one
     * @throws IllegalArgumentException if it is none of these
     */
    public static HostPort parse(String text, int defaultPort) {
        String trimmed = text.trim();
        int hostEnd = trimmed.startsWith("[") ? trimmed.indexOf(']') + 1 : hostEnd(trimmed);
        if (hostEnd <= 0) {
            throw new IllegalArgumentException("expected host:port or [ipv6]:port, got '" + text + "'");
        }
        String host = trimmed.substring(0, hostEnd);
        String rest = trimmed.substring(hostEnd);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        if (rest.isEmpty() && defaultPort >= 0) {
            return new HostPort(host, defaultPort);
        }
        return new HostPort(host, parsePort(rest, text));
    }

    private static int hostEnd(String text) {
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            return -1;
        }
        return colon < 0 ? text.length() : colon;
    }

    private static int parsePort(String rest, String text) {
        try {
            if (rest.startsWith(":")) {
                return Integer.parseInt(rest.substring(1));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a port number in '" + text + "'", e);
        }
        throw new IllegalArgumentException("expected host:port or [ipv6]:port, got '" + text + "'");
    }

    @Override
    public int compareTo(HostPort other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    /** The form that {@link #parse(String)} reads. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
