package io.tractfs.hadoop;

import io.tractfs.client.TractFsClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client that the first call makes, so that a file system that is never used costs nothing. Thread-safe. */
final class LazyClient {
    private final ClientFactory factory;
    private final ClientTarget target;
    private @Nullable TractFsClient client;
    private boolean closed;

    /** Of a target. */
    LazyClient(ClientFactory factory, ClientTarget target) {
        this.factory = factory;
        this.target = target;
    }

    /** The client; fails once it is closed. */
    synchronized TractFsClient get() throws IOException {
        if (closed) {
            throw new IOException("Filesystem closed");
        }
        if (client == null) {
            client = factory.connect(target);
        }
        return client;
    }

    /** Closes the client, if there is one; twice is a no-op. */
    void close() {
        TractFsClient made;
        synchronized (this) {
            made = closed ? null : client;
            closed = true;
        }
        if (made != null) {
            made.close();
        }
    }
}
