package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import io.tractfs.client.ListPage;
import io.tractfs.client.ListPages;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The entries of a directory, fetched page by page in order of names; of a file, the file itself. The first page is
 * fetched at once, so that a missing path shows at the call. Not thread-safe.
 *
 * @param <T> as what the caller takes the statuses
 */
final class PagedListing<T> implements RemoteIterator<T> {
    private final ClusterSession session;
    private final Path directory;
    private final String name;
    private final StatusMaker<T> maker;
    private final Predicate<Path> filter;
    private final ListPages pages;
    private final Queue<T> ready = new ArrayDeque<>();
    private boolean more;

    /** Makes a status for a path. */
    interface StatusMaker<T> {
        /** The status. */
        T make(FileInfo info, Path path);
    }

    /** Fetches the first page. */
    PagedListing(ClusterSession session, Path directory, String name, StatusMaker<T> maker, Predicate<Path> filter)
            throws IOException {
        this.session = session;
        this.directory = directory;
        this.name = name;
        this.maker = maker;
        this.filter = filter;
        this.pages = session.call(name, client -> client.pages(name, true));
        fetch();
    }

    @Override
    public boolean hasNext() throws IOException {
        while (ready.isEmpty() && more) {
            fetch();
        }
        return !ready.isEmpty();
    }

    @Override
    public T next() throws IOException {
        if (!hasNext()) {
            throw new NoSuchElementException("No more entries in " + directory);
        }
        return ready.remove();
    }

    /** What has been fetched and not yet taken. */
    List<T> page() {
        List<T> page = List.copyOf(ready);
        ready.clear();
        return page;
    }

    /** All that is left, page by page. */
    List<T> remaining() throws IOException {
        List<T> all = new ArrayList<>();
        while (hasNext()) {
            all.add(next());
        }
        return all;
    }

    private void fetch() throws IOException {
        ListPage page = session.call(name, client -> pages.next());
        for (FileInfo entry : page.entries()) {
            Path path = entry.name().isEmpty() ? directory : child(entry.name());
            if (filter.test(path)) {
                ready.add(maker.make(entry, path));
            }
        }
        more = page.more();
    }

    /** Not by {@code new Path(parent, name)}, which takes a colon in the name for the end of a scheme. */
    private Path child(String entry) {
        return new Path(
                directory.toUri().getScheme(),
                directory.toUri().getAuthority(),
                (name.equals("/") ? "" : name) + "/" + entry);
    }
}
