package io.tractfs.hadoop;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.PartialListing;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.ipc.RemoteException;
import org.jspecify.annotations.Nullable;

/**
 * Lists several paths one after the other, a page at a time; what goes wrong with one is told by its own part and holds
 * up no other. Not thread-safe.
 *
 * @param <T> as what the caller takes the statuses
 */
final class BatchedListing<T extends FileStatus> implements RemoteIterator<PartialListing<T>> {
    private final Iterator<Path> paths;
    private final Lister<T> lister;
    private @Nullable Path path;
    private @Nullable PagedListing<T> pages;

    /** Begins to list a path. */
    interface Lister<T> {
        /** The first page and those after it. */
        PagedListing<T> list(Path path) throws IOException;
    }

    /** Asks nothing before the first part is taken. */
    BatchedListing(List<Path> paths, Lister<T> lister) {
        this.paths = List.copyOf(paths).iterator();
        this.lister = lister;
    }

    @Override
    public boolean hasNext() {
        return pages != null || paths.hasNext();
    }

    @Override
    public PartialListing<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more paths to list");
        }
        Path listed = pages == null || path == null ? paths.next() : path;
        try {
            PagedListing<T> from = pages == null ? lister.list(listed) : pages;
            List<T> page = from.page();
            path = listed;
            pages = from.hasNext() ? from : null;
            return new PartialListing<>(listed, page);
        } catch (IOException e) {
            pages = null;
            String message = e.getMessage();
            return new PartialListing<>(
                    listed, new RemoteException(e.getClass().getName(), message == null ? e.toString() : message));
        }
    }
}
