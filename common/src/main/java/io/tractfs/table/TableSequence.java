package io.tractfs.table;

import io.tractfs.id.Epoch;

/**
 * Orders images of the table: within one epoch by the change counter, across epochs by the epoch. Immutable.
 *
 * @param epoch the leadership that published
 * @param change number of the change within it, from 0
 */
public record TableSequence(Epoch epoch, long change) implements Comparable<TableSequence> {
    /** Before any image. */
    public static final TableSequence NONE = new TableSequence(Epoch.NONE, 0);

    @Override
    public int compareTo(TableSequence other) {
        int byEpoch = epoch.compareTo(other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(change, other.change);
    }
}
