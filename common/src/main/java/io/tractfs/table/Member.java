package io.tractfs.table;

/**
 * A store in a column of a row, with the classes it holds whole. Immutable.
 *
 * @param ref store and incarnation
 * @param held classes it is a holder of; equal to all of its column means in sync, less means recovering
 */
public record Member(StoreRef ref, ClassSet held) {
    /** Whether this member holds class r whole. */
    public boolean holds(int replicationClass) {
        return held.contains(replicationClass);
    }
}
