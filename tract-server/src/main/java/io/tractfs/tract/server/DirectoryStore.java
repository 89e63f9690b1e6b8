package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Incarnation;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.Store;
import io.tractfs.tract.store.StoreConfig;
import io.tractfs.tract.store.TractStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A store in a directory, as the server takes it. Thread-safe. */
public final class DirectoryStore implements OpenStore {
    private final Store store;

    private DirectoryStore(Store store) {
        this.store = store;
    }

    /**
     * What opening the configured directories came to.
     *
     * @param stores those that are open, all of one cluster
     * @param refused those that are not
     */
    public record Opened(List<OpenStore> stores, List<RefusedDirectory> refused) {
        /** Copies the lists. */
        public Opened {
            stores = List.copyOf(stores);
            refused = List.copyOf(refused);
        }
    }

    /**
     * Opens every configured directory. One that cannot be opened is set aside alone: the others are served.
     *
     * @throws TractException STORE_FAILED if none can be opened, with all reasons; WRONG_CLUSTER if they belong to different
     *     clusters, which is a mistake of configuration. None is left open then
     */
    public static Opened openAll(StoreConfig config) throws TractException {
        List<OpenStore> opened = new ArrayList<>();
        List<RefusedDirectory> refused = new ArrayList<>();
        boolean complete = false;
        try {
            for (Path directory : config.directories()) {
                try {
                    opened.add(new DirectoryStore(Store.open(directory, config)));
                } catch (IOException e) {
                    refused.add(RefusedDirectory.of(directory, e));
                }
            }
            if (opened.isEmpty()) {
                throw RefusedDirectory.noneLeft(refused);
            }
            checkCluster(opened);
            complete = true;
            return new Opened(opened, refused);
        } finally {
            if (!complete) {
                opened.forEach(OpenStore::close);
            }
        }
    }

    private static void checkCluster(List<OpenStore> opened) throws TractException {
        ClusterId cluster = opened.get(0).cluster();
        for (OpenStore store : opened) {
            if (!store.cluster().equals(cluster)) {
                throw new TractException(
                        ErrorCode.WRONG_CLUSTER,
                        "store " + store.ref() + " belongs to cluster " + store.cluster() + ", store "
                                + opened.get(0).ref() + " to " + cluster);
            }
        }
    }

    @Override
    public StoreRef ref() {
        return store.ref();
    }

    @Override
    public ClusterId cluster() {
        return store.cluster();
    }

    @Override
    public Incarnation uncleanThrough() {
        return store.uncleanThrough();
    }

    @Override
    public TractStorage tracts() {
        return store.storage();
    }

    @Override
    public RowLedger ledger() {
        return store.ledger();
    }

    @Override
    public int rows() {
        return store.rows();
    }

    @Override
    public void adoptLayout(int rows) throws TractException {
        store.adoptLayout(rows);
    }

    @Override
    public void judged() throws TractException {
        store.judged();
    }

    @Override
    public void lostWrites(long seen) throws TractException {
        store.lostWrites(seen);
    }

    @Override
    public void refused(String reason, Incarnation registered) {
        store.refused(reason, registered);
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public void renewWitness() {
        store.renewWitness();
    }

    @Override
    public void close() {
        store.close();
    }
}
