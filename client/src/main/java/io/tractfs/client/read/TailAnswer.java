package io.tractfs.client.read;

import java.util.List;

/**
 * What one member said of a tract of an open file. Immutable.
 *
 * @param holder whether it holds the tract's class whole
 * @param damaged whether part of it is damaged there, so that its length counts in no minimum (P25)
 * @param length contiguous bytes from 0
 * @param lengthAtVersion what it had when it accepted the present version; bytes beyond were written under it
 * @param ranges beyond the contiguous length, from, to, from, to…
 * @param acknowledged length of the segment that it recorded (P21)
 */
public record TailAnswer(
        boolean holder, boolean damaged, int length, int lengthAtVersion, List<Integer> ranges, long acknowledged) {
    /** Copies the list. */
    public TailAnswer {
        ranges = List.copyOf(ranges);
    }

    /** Whether any byte of the tract is there. */
    public boolean hasBytes() {
        return length > 0 || !ranges.isEmpty();
    }

    /** End of what is there without a gap from some offset on. */
    public int coveredFrom(int from) {
        int end = Math.max(from, length);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (int i = 0; i + 1 < ranges.size(); i += 2) {
                if (ranges.get(i) <= end && ranges.get(i + 1) > end) {
                    end = ranges.get(i + 1);
                    grown = true;
                }
            }
        }
        return end;
    }
}
