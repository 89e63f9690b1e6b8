package io.tractfs.cli.fsck;

import io.tractfs.cli.admin.Loss;
import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the files that have a tract in a row without a holder; asks no store. Not thread-safe. */
public final class LossSearch {
    private static final int MOST_FILES = 20;

    private final FsckCluster cluster;

    LossSearch(FsckCluster cluster) {
        this.cluster = cluster;
    }

    /** Searches a cluster over the network. */
    public static Loss of(MetadataProxy metadata) throws TractException {
        return new LossSearch(new RemoteFsckCluster(metadata)).run();
    }

    Loss run() throws TractException {
        ClusterTable table = cluster.table();
        if (table.rows().stream().allMatch(row -> row.isUp() && row.waiting().isEmpty())) {
            return Loss.NONE;
        }
        List<String> first = new ArrayList<>();
        Set<Integer> rows = new TreeSet<>();
        Set<String> stores = new TreeSet<>();
        long files = 0;
        String after = "";
        FsckCluster.Page page;
        do {
            page = cluster.walk("/", after);
            for (CheckedFile file : page.entries()) {
                after = file.path();
                if (addLost(file, table, rows, stores)) {
                    files++;
                    if (first.size() < MOST_FILES) {
                        first.add(file.path());
                    }
                }
            }
        } while (page.more());
        return files == 0 ? Loss.NONE : new Loss(List.copyOf(rows), List.copyOf(stores), files, first);
    }

    /** A row waits for the last holders of classes that may have no data: it counts where a file has a tract in it. */
    private static boolean addLost(CheckedFile file, ClusterTable table, Set<Integer> rows, Set<String> stores) {
        boolean any = false;
        int count = table.rows().size();
        for (CheckedFile.Run segment : file.segments()) {
            // Tracts of a blob are in consecutive rows: one round through the table meets them all.
            long tracts = Math.min(segment.tractCount(), count);
            long begin = RowHash.rowOf(new TractId(segment.blob(), 0), count);
            for (long i = 0; i < tracts; i++) {
                Row row = table.rows().get((int) ((begin + i) % count));
                int copies = row.classOf(segment.replication());
                if (!row.isUp() || row.isFrozen(copies)) {
                    any = true;
                    rows.add(row.index());
                    row.waiting().stream()
                            .filter(away -> away.classes().contains(copies))
                            .forEach(away -> stores.add(table.name(away.store())));
                }
            }
        }
        return any;
    }
}
