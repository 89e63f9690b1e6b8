package io.tractfs.client.namespace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tractfs.client.FileInfo;
import io.tractfs.client.ListPage;
import io.tractfs.client.ListPages;
import io.tractfs.client.transport.Futures;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.ListEntries;
import io.tractfs.wire.proto.ListResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Pages of a listing, of which the next one is on its way while one is worked on: the server makes it while the caller
 * decodes. One page at most is fetched in vain. Not thread-safe.
 */
public final class PrefetchedPages implements ListPages {
    private final String path;
    private final Function<String, CompletableFuture<ListResponse>> fetch;
    private final Entries statuses;
    private CompletableFuture<ListResponse> coming;

    /** Turns the messages of the listing of a path into statuses. */
    @FunctionalInterface
    public interface Entries {
        /** Their statuses, in the same order. */
        List<FileInfo> of(List<FileStatusMessage> messages, String listed) throws TractException;
    }

    /**
     * Begins to fetch the first page.
     *
     * @param path what is listed
     * @param fetch asks for the page after a name
     * @param statuses completes open files
     */
    public PrefetchedPages(String path, Function<String, CompletableFuture<ListResponse>> fetch, Entries statuses) {
        this.path = path;
        this.fetch = fetch;
        this.statuses = statuses;
        this.coming = fetch.apply("");
    }

    @Override
    public ListPage next() throws TractException {
        ListResponse page = Futures.await(coming);
        if (page.getMore()) {
            coming = fetch.apply(page.getLast());
        }
        return decode(page, path, statuses);
    }

    /** Reads a page; the status of open files among its entries is completed. */
    public static ListPage decode(ListResponse page, String path, Entries statuses) throws TractException {
        ListEntries entries;
        try {
            entries = ListEntries.parseFrom(page.getEntries());
        } catch (InvalidProtocolBufferException e) {
            throw new TractException(ErrorCode.MALFORMED, "The entries of " + path + " cannot be read", e);
        }
        return new ListPage(statuses.of(entries.getEntriesList(), path), page.getMore());
    }
}
