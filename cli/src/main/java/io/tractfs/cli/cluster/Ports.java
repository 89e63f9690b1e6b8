package io.tractfs.cli.cluster;

import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Which of a cluster's ports are taken, and which answer. Stateless, thread-safe. */
public final class Ports {
    private static final int CONNECT_MS = 1_000;

    private Ports() {}

    /** The addresses that the servers of a plan would listen on and cannot. */
    public static List<HostPort> taken(ClusterPlan plan, List<ServerName> servers) {
        List<HostPort> taken = new ArrayList<>();
        for (ServerName name : servers) {
            List<HostPort> wanted = new ArrayList<>(List.of(plan.address(name), plan.webAddress(name)));
            if (name.kind() == ServerName.Kind.METADATA) {
                wanted.add(plan.raftAddress(name));
            }
            wanted.stream().filter(address -> !isFree(address)).forEach(taken::add);
        }
        return taken;
    }

    /** Whether somebody listens at an address. */
    public static boolean answers(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()), CONNECT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFree(HostPort address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
