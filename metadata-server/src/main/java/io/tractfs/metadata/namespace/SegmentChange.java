package io.tractfs.metadata.namespace;

/**
 * How far a change of a segment's replication has come (P33). Begun: the stores are told that the tracts belong to the
 * classes of both replications, and bring what is missing. Committed: the new replication counts, and the stores forget the
 * old one and drop surplus copies. Immutable.
 *
 * @param number of the last step of any change, grows with each; 0 if there was none
 * @param other while it is begun, what the replication becomes; while it is committed, what it was; 0 if none is under way
 * @param committed whether it is committed
 */
public record SegmentChange(int number, int other, boolean committed) {
    /** The segment is as its writer made it. */
    public static final SegmentChange NONE = new SegmentChange(0, 0, false);

    /** Highest number of a step that may begin a change: stores have 24 bits, and one more step ends it. */
    static final int MAX_NUMBER = (1 << 24) - 2;

    /** Whether a change is under way. */
    public boolean isUnderWay() {
        return other != 0;
    }

    /** A change begins. */
    SegmentChange begin(int target) {
        return new SegmentChange(number + 1, target, false);
    }

    /** The new replication counts. */
    SegmentChange commit(int old) {
        return new SegmentChange(number + 1, old, true);
    }

    /** All is done. */
    SegmentChange end() {
        return new SegmentChange(number, 0, false);
    }
}
