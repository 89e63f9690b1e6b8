package io.tractfs.metadata.assignment;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.StoreId;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The table that readers share, with the change number of each row, so that a reader can be given just what changed since
 * the image it has. Immutable: a change makes a new history, which shares all blocks of change numbers that it does not
 * touch.
 */
public final class TableHistory {
    private static final int BLOCK_ROWS = 256;

    private final TableImage image;
    private final long[][] changes;
    private final long storesChange;

    private TableHistory(TableImage image, long[][] changes, long storesChange) {
        this.image = image;
        this.changes = changes;
        this.storesChange = storesChange;
    }

    /** No row is up, in a new epoch. */
    public static TableHistory empty(ClusterId cluster, Epoch epoch, int rows, int columns) {
        List<Row> unassigned = new ArrayList<>(rows);
        for (int index = 0; index < rows; index++) {
            unassigned.add(Row.unassigned(index, columns));
        }
        TableImage image = new TableImage(cluster, new TableSequence(epoch, 0), columns, Map.of(), unassigned);
        return new TableHistory(image, new long[(rows + BLOCK_ROWS - 1) / BLOCK_ROWS][BLOCK_ROWS], 0);
    }

    /** The present image. */
    public TableImage image() {
        return image;
    }

    /** The history after one more change: some rows, and where the stores are reached. */
    public TableHistory with(Collection<Row> rows, Map<StoreId, StoreInfo> stores) {
        long change = image.sequence().change() + 1;
        long[][] copy = changes.clone();
        for (Row row : rows) {
            int block = row.index() / BLOCK_ROWS;
            if (copy[block] == changes[block]) {
                copy[block] = changes[block].clone();
            }
            copy[block][row.index() % BLOCK_ROWS] = change;
        }
        boolean sameStores = stores.equals(image.stores());
        TableSequence sequence = new TableSequence(image.sequence().epoch(), change);
        return new TableHistory(image.with(sequence, stores, rows), copy, sameStores ? storesChange : change);
    }

    /** Whether a reader of a sequence can be given a delta: it is of this epoch and not of the future. */
    public boolean knows(TableSequence sequence) {
        return sequence.epoch().equals(image.sequence().epoch())
                && sequence.change() <= image.sequence().change();
    }

    /** Rows that changed after a sequence that this history knows. */
    public List<Row> since(TableSequence sequence) {
        List<Row> changed = new ArrayList<>();
        for (int block = 0; block < changes.length; block++) {
            for (int i = 0; i < BLOCK_ROWS; i++) {
                if (changes[block][i] > sequence.change()) {
                    changed.add(image.rows().get(block * BLOCK_ROWS + i));
                }
            }
        }
        return changed;
    }

    /** Whether the stores' addresses changed after a sequence. */
    public boolean storesChangedSince(TableSequence sequence) {
        return storesChange > sequence.change();
    }
}
