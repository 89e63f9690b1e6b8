package io.tractfs.metadata.planning;

import io.tractfs.table.ClassSet;

/**
 * What a live store has of one row. Immutable.
 *
 * @param classes it would hold whole under a new version; empty if its data is stale
 * @param byWaiting whether that rests on the row listing it as waiting (P2, P8): the list has to name it once more, in
 *     the version that takes it back
 * @param unclean whether another store may have bytes of it that this one lacks, and the other way round: nobody whose copy
 *     of a class is unclean too can leave before they are merged (P7)
 */
public record Copy(ClassSet classes, boolean byWaiting, boolean unclean) {
    /** Data that has to be compared anew. */
    public static final Copy STALE = new Copy(ClassSet.EMPTY, false, false);

    /** Classes held as a member. */
    public static Copy of(ClassSet classes) {
        return new Copy(classes, false, false);
    }

    /** A copy of which a power loss may have cut something, without classes that others have whole. */
    public Copy uncleanWithout(ClassSet whole) {
        return new Copy(classes.minus(whole), byWaiting, true);
    }
}
