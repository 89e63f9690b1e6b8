package io.tractfs.hadoop;

import io.tractfs.client.Defaults;
import io.tractfs.client.TractFsClient;
import io.tractfs.error.TractException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One file system object's use of a cluster: its client, its open outputs, and whether it is closed. Streams hold it,
 * so that the client lives as long as one of them; it is closed with the session, or when the session is collected with
 * all its streams, as those of {@code FileContext} are, which nobody closes. Outputs are held weakly: one that is collected, not closed, commits nothing. Thread-safe.
 */
final class ClusterSession {
    private final LazyClient client;
    /** Guarded by the outputs. */
    private AbandonedSessions.@Nullable Watch watch;

    private final Set<TractOutputStream> outputs =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile boolean closed;
    private volatile @Nullable Defaults defaults;

    /** Makes no client before the first call. */
    ClusterSession(ClientFactory factory, ClientTarget target) {
        this.client = new LazyClient(factory, target);
    }

    /** A call to the client. */
    interface Call<T> {
        /** Calls it. */
        T on(TractFsClient client) throws IOException;
    }

    /** A call to the client without a result. */
    interface Action {
        /** Calls it. */
        void on(TractFsClient client) throws IOException;
    }

    /** Calls the client about a path; its errors become Hadoop's. */
    <T> T call(String path, Call<T> call) throws IOException {
        ensureOpen();
        try {
            return call.on(client());
        } catch (TractException e) {
            throw HadoopErrors.translate(e, path);
        }
    }

    /** The client, which is watched from the first call on. */
    private TractFsClient client() throws IOException {
        TractFsClient made = client.get();
        synchronized (outputs) {
            if (watch == null && !closed) {
                watch = AbandonedSessions.process().watch(this, client::close);
            }
        }
        return made;
    }

    /** Calls the client about a path, without a result. */
    void run(String path, Action action) throws IOException {
        call(path, client -> {
            action.on(client);
            return true;
        });
    }

    /** The server's defaults; asked once. */
    Defaults defaults() throws IOException {
        Defaults known = defaults;
        if (known == null) {
            known = call("/", TractFsClient::defaults);
            defaults = known;
        }
        return known;
    }

    /** Completes the output when the file system is closed before it. */
    void track(TractOutputStream output) {
        outputs.add(output);
    }

    /** The output needs nothing any more. */
    void forget(TractOutputStream output) {
        outputs.remove(output);
    }

    /** Fails when the file system was closed. */
    void ensureOpen() throws IOException {
        if (closed) {
            throw new IOException("Filesystem closed");
        }
    }

    /** Whether {@link #close()} was called. */
    boolean isClosed() {
        return closed;
    }

    /** Completes what is open; throws the first failure after it tried all. */
    void closeOutputs() throws IOException {
        List<TractOutputStream> open;
        synchronized (outputs) {
            open = new ArrayList<>(outputs);
        }
        IOException failure = null;
        for (TractOutputStream output : open) {
            try {
                output.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Closes the client; twice is a no-op. */
    void close() {
        AbandonedSessions.Watch watched;
        synchronized (outputs) {
            closed = true;
            watched = watch;
        }
        if (watched != null) {
            watched.end();
        }
        client.close();
    }
}
