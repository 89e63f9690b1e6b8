package io.tractfs.client.read;

import io.tractfs.client.CorruptFiles;
import io.tractfs.client.FileInfo;
import io.tractfs.client.namespace.NamespaceCalls;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.wire.proto.ListDamageRequest;
import io.tractfs.wire.proto.ListDamageResponse;
import io.tractfs.wire.proto.TractEntry;
import io.tractfs.wire.rpc.Methods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files that have bytes which no store can give: asks the stores what they have found to be damaged, by reads and
 * by their scrubs, and then, only if there is anything, walks the namespace for the files that it concerns. Reads no data.
 */
public final class CorruptFileSearch {
    private static final Logger LOG = LoggerFactory.getLogger(CorruptFileSearch.class);
    private static final int PAGE_ENTRIES = 1_000;
    private static final int PAGE_TRACTS = 1_000;

    private final NamespaceCalls namespace;
    private final StoreCalls stores;
    private final TableCache table;

    /** Searches through some calls. */
    public CorruptFileSearch(NamespaceCalls namespace, StoreCalls stores, TableCache table) {
        this.namespace = namespace;
        this.stores = stores;
        this.table = table;
    }

    /**
     * The files at and below a path. A path that is not there has none.
     *
     * @throws TractException PERMISSION_DENIED unless the caller is a superuser, as in HDFS
     */
    public CorruptFiles below(String path) throws TractException {
        if (!namespace.walk("/", "", 1).superuser()) {
            throw new TractException(
                    ErrorCode.PERMISSION_DENIED, "Superuser privilege is required to list corrupt files");
        }
        DamagedTracts damaged = damaged();
        return new Pages(path, damaged, !damaged.areNone());
    }

    private DamagedTracts damaged() throws TractException {
        TableImage image = Futures.await(
                table.refresh(table.current().map(TableImage::sequence).orElse(TableSequence.NONE)));
        DamagedTracts damaged = new DamagedTracts(image);
        for (StoreInfo store : image.stores().values()) {
            try {
                addAll(store, damaged);
            } catch (TractException e) {
                // What it has is not known to be damaged; if nobody else has it, its rows say so.
                LOG.warn("event=damage-not-told store={} reason=\"{}\"", store.ref(), e.getMessage());
            }
        }
        return damaged;
    }

    private void addAll(StoreInfo store, DamagedTracts damaged) throws TractException {
        ListDamageRequest.Builder request = ListDamageRequest.newBuilder()
                .setRef(StoreCalls.reference(store.ref()))
                .setLimit(PAGE_TRACTS);
        ListDamageResponse page;
        do {
            try (var reply = Futures.await(stores.call(store, Methods.LIST_DAMAGE, request.build()))) {
                page = reply.message();
            }
            for (TractEntry tract : page.getTractsList()) {
                TractId id = new TractId(
                        new BlobId(tract.getKey().getBlob()), tract.getKey().getIndex());
                damaged.add(store.ref().store(), id, tract.getDamagedList());
                request.setAfter(tract.getKey());
            }
        } while (page.getMore() && page.getTractsCount() > 0);
    }

    /** The walk. Not thread-safe. */
    private final class Pages implements CorruptFiles {
        private final String path;
        private final DamagedTracts damaged;
        private String after = "";
        private boolean more;

        private Pages(String path, DamagedTracts damaged, boolean more) {
            this.path = path;
            this.damaged = damaged;
            this.more = more;
        }

        @Override
        public boolean more() {
            return more;
        }

        @Override
        public List<String> next() throws TractException {
            List<String> found = new ArrayList<>();
            NamespaceCalls.@Nullable Walked page = page();
            more = page != null && page.more() && !page.entries().isEmpty();
            if (page != null) {
                for (NamespaceCalls.Visited entry : page.entries()) {
                    after = entry.path();
                    if (concerns(entry.status())) {
                        found.add(entry.path());
                    }
                }
            }
            return found;
        }

        private NamespaceCalls.@Nullable Walked page() throws TractException {
            try {
                return namespace.walk(path, after, PAGE_ENTRIES);
            } catch (TractException e) {
                if (e.code() == ErrorCode.NOT_FOUND) {
                    return null;
                }
                throw e;
            }
        }

        private boolean concerns(FileInfo file) {
            return file.segments().stream().anyMatch(damaged::concern);
        }
    }
}
