package io.tractfs.table;

import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/** The rows of a table in blocks: a change of some rows copies their blocks alone, and shares the others. Immutable. */
final class RowBlocks extends AbstractList<Row> implements RandomAccess {
    private static final int SHIFT = 8;
    private static final int BLOCK = 1 << SHIFT;

    private final Row[][] blocks;
    private final int size;

    private RowBlocks(Row[][] blocks, int size) {
        this.blocks = blocks;
        this.size = size;
    }

    /** The same rows; free of cost where they are in blocks already. */
    static RowBlocks of(List<Row> rows) {
        if (rows instanceof RowBlocks blocks) {
            return blocks;
        }
        Row[] all = rows.toArray(new Row[0]);
        Row[][] blocks = new Row[(all.length + BLOCK - 1) / BLOCK][];
        for (int block = 0; block < blocks.length; block++) {
            int first = block * BLOCK;
            Row[] some = new Row[Math.min(BLOCK, all.length - first)];
            System.arraycopy(all, first, some, 0, some.length);
            blocks[block] = some;
        }
        return new RowBlocks(blocks, all.length);
    }

    /** These rows, but for those that are given: each takes the place of its index. */
    RowBlocks with(Collection<Row> changed) {
        if (changed.isEmpty()) {
            return this;
        }
        Row[][] copy = blocks.clone();
        for (Row row : changed) {
            int block = row.index() >>> SHIFT;
            if (copy[block] == blocks[block]) {
                copy[block] = blocks[block].clone();
            }
            copy[block][row.index() & (BLOCK - 1)] = row;
        }
        return new RowBlocks(copy, size);
    }

    @Override
    public Row get(int index) {
        return blocks[index >>> SHIFT][index & (BLOCK - 1)];
    }

    @Override
    public int size() {
        return size;
    }
}
