package io.tractfs.tract.format;

/**
 * How far a change of a tract's replication has come (P33). While its segment changes from one replication to another the
 * tract belongs to the classes of both and of all in between: whoever copies one of them from here gets the tract. Immutable.
 *
 * @param number grows with each step of each change of the segment; an order with a lower one is refused. 0 if there
 *     never was a change, at most {@link #MAX_NUMBER}
 * @param other the other replication of a change under way; 0 if there is none
 */
public record ReplicationChange(int number, int other) {
    /** As the writer made it. */
    public static final ReplicationChange NONE = new ReplicationChange(0, 0);

    /** Highest number that a slot has room for. */
    public static final int MAX_NUMBER = (1 << 24) - 1;

    /** Checks the range. */
    public ReplicationChange {
        if (number < 0 || number > MAX_NUMBER || other < 0 || other > Short.MAX_VALUE) {
            throw new IllegalArgumentException("A change of replication has a number of at most " + MAX_NUMBER
                    + " and a replication of at most " + Short.MAX_VALUE + ", not " + number + ", " + other);
        }
    }

    /** Whether this is a later step than another. */
    public boolean isAfter(ReplicationChange that) {
        return number > that.number;
    }
}
