package io.tractfs.hadoop;

import io.tractfs.client.CorruptFiles;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Files that have lost bytes, found page by page in order of names. Not thread-safe. */
final class CorruptFileListing implements RemoteIterator<Path> {
    private final ClusterSession session;
    private final Path top;
    private final String name;
    private final CorruptFiles files;
    private final Queue<Path> ready = new ArrayDeque<>();

    /** Begins the search, so that who may not search is told at the call. */
    CorruptFileListing(ClusterSession session, Path top, String name) throws IOException {
        this.session = session;
        this.top = top;
        this.name = name;
        this.files = session.call(name, client -> client.corruptFiles(name));
    }

    @Override
    public boolean hasNext() throws IOException {
        while (ready.isEmpty() && files.more()) {
            for (String file : session.call(name, client -> files.next())) {
                ready.add(new Path(top.toUri().getScheme(), top.toUri().getAuthority(), file));
            }
        }
        return !ready.isEmpty();
    }

    @Override
    public Path next() throws IOException {
        if (!hasNext()) {
            throw new NoSuchElementException("No more corrupt files in " + top);
        }
        return ready.remove();
    }
}
