package io.tractfs.client.transport;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The names and addresses of this host, looked up once on first use. Thread-safe. */
public final class LocalHosts {
    private static final class Names {
        private static final Set<String> ALL = find();

        private static Set<String> find() {
            Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "::1"));
            try {
                InetAddress host = InetAddress.getLocalHost();
                names.add(host.getHostName().toLowerCase(Locale.ROOT));
                names.add(host.getCanonicalHostName().toLowerCase(Locale.ROOT));
                for (NetworkInterface face : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                    for (InetAddress address : Collections.list(face.getInetAddresses())) {
                        names.add(address.getHostAddress());
                    }
                }
            } catch (UnknownHostException | SocketException e) {
                // Which store is near is only a preference: without a name of its own, this host has loopback alone.
                return Set.copyOf(names);
            }
            return Set.copyOf(names);
        }
    }

    private LocalHosts() {}

    /** Whether a host is this one. */
    public static boolean contains(String host) {
        return Names.ALL.contains(host.toLowerCase(Locale.ROOT));
    }
}
