package io.tractfs.hadoop;

import io.tractfs.client.TractFsClient;
import io.tractfs.client.TractFsClients;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;

/** Makes clients; the seam between the adapter and the client library. Thread-safe. */
interface ClientFactory {
    /** Clients of real clusters; they share connections and threads within the process. */
    ClientFactory NETWORK = target -> {
        PoolShutdown.register();
        return TractFsClients.connect(
                target.metadataServers().stream().map(HostPort::parse).toList(),
                target.user(),
                target.realUser(),
                target.config());
    };

    /** A client for the target; an unreachable cluster shows at its first call. */
    TractFsClient connect(ClientTarget target) throws IOException;
}
