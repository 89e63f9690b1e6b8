package io.tractfs.hadoop;

import io.tractfs.client.TractFsClient;
import java.io.IOException;

/** Makes clients; the seam between the adapter and the client library. Thread-safe. */
interface ClientFactory {
    /** A client for the target; wrong settings are an error, an unreachable cluster is not yet one. */
    TractFsClient connect(ClientTarget target) throws IOException;
}
