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

    /** So many steps are left out by a restore. */
    private static final int LIFT = 1 << 16;

    /** Whether a change is under way. */
    public boolean isUnderWay() {
        return other != 0;
    }

    /**
     * The number that a change of a segment is above, since stores may have followed changes of it that a copy of the namespace
     * does not know of (P30): each restore leaves some out. 0 for one that was made after the last restore.
     */
    static int floorOf(Counters counters, Segment segment) {
        boolean old = segment.blob().epoch().compareTo(counters.endedBefore) < 0;
        return old ? Math.min(counters.restores * LIFT, MAX_NUMBER) : 0;
    }

    /** One under way with a number above a floor. */
    SegmentChange above(int floor) {
        return !isUnderWay() || number > floor ? this : new SegmentChange(floor + 1, other, committed);
    }

    /** A change begins, with a number above a floor. */
    SegmentChange begin(int target, int floor) {
        return new SegmentChange(Math.max(number, floor) + 1, target, false);
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
