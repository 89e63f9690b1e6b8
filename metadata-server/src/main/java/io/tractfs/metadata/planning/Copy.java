package io.tractfs.metadata.planning;

import io.tractfs.table.ClassSet;

/**
 * What a live store has of one row. Immutable.
 *
 * @param classes it would hold whole under a new version; empty if its data is stale
 * @param byWaiting whether that rests on the row listing it as waiting (P2, P8): the list has to name it once more, in
 *     the version that takes it back
 */
public record Copy(ClassSet classes, boolean byWaiting) {
    /** Data that has to be compared anew. */
    public static final Copy STALE = new Copy(ClassSet.EMPTY, false);

    /** Classes held as a member. */
    public static Copy of(ClassSet classes) {
        return new Copy(classes, false);
    }
}
