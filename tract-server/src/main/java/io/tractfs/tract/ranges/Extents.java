package io.tractfs.tract.ranges;

/**
 * What a store holds of one tract, as byte sets without the bytes.
 *
 * <pre>
 *   |======held======|xxdamagedxx|==held==|          |=range=|    |=range=|
 *   0                                     length
 * </pre>
 *
 * The length covers what is held or damaged without a gap from 0: a damaged stretch is a part of the tract that cannot
 * be given (P25), not an absence. A byte is held or damaged, never both; nothing beyond the length is damaged, since what
 * does not verify there is simply missing. Immutable.
 *
 * @param held bytes that are there and have a checksum
 * @param damaged bytes below the length that are lost or do not verify
 */
public record Extents(ByteRanges held, ByteRanges damaged) {
    /** Nothing is held. */
    public static final Extents NONE = new Extents(ByteRanges.EMPTY, ByteRanges.EMPTY);

    /** Puts the two sets in order: held wins where they overlap, damage beyond the length is dropped. */
    public Extents {
        damaged = damaged.minus(held);
        damaged = damaged.intersect(0, held.plus(damaged).contiguousEnd(0));
    }

    /** A whole, undamaged beginning. */
    public static Extents ofLength(int length) {
        return new Extents(ByteRanges.of(0, length), ByteRanges.EMPTY);
    }

    /** End of the tract without a gap from 0, damaged stretches included. */
    public int length() {
        return damaged.isEmpty() ? held.contiguousEnd(0) : held.plus(damaged).contiguousEnd(0);
    }

    /** What is held beyond the length. */
    public ByteRanges beyond() {
        int length = length();
        return held.end() <= length ? ByteRanges.EMPTY : held.minus(0, length);
    }

    /** Damage as it is reported: whole chunks, ending at the length. */
    public ByteRanges damagedChunks(int chunkSize) {
        return damaged.isEmpty() ? damaged : damaged.roundedOut(chunkSize).intersect(0, length());
    }

    /** Bytes of an arriving range that are held already and so have to be equal (P27). */
    public ByteRanges toCompare(int from, int to) {
        return held.intersect(from, to);
    }

    /** Bytes of an arriving range that are new: missing or damaged so far. */
    public ByteRanges fresh(int from, int to) {
        return ByteRanges.of(from, to).minus(held);
    }

    /** After a range arrived and verified, from a client or from another store. */
    public Extents withHeld(int from, int to) {
        return new Extents(held.plus(from, to), damaged);
    }

    /**
     * After a range was found not to verify, or no source can give it. Beyond the length it is merely missing, unless it
     * touches the length: then the tract is longer by it.
     */
    public Extents withDamaged(int from, int to) {
        return new Extents(held.minus(from, to), damaged.plus(from, to));
    }

    /** After a range beyond the length was found not to verify. */
    public Extents without(int from, int to) {
        return new Extents(held.minus(from, to), damaged.minus(from, to));
    }

    /** After a cut. */
    public Extents cutTo(int length) {
        return new Extents(held.intersect(0, length), damaged.intersect(0, length));
    }
}
