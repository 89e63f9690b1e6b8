package io.tractfs.id;

/**
 * One tract: a blob and its position in it. Immutable.
 *
 * @param blob the blob
 * @param index position of the tract in the blob, from 0
 */
public record TractId(BlobId blob, int index) implements Comparable<TractId> {
    /** Checks the range. */
    public TractId {
        if (index < 0) {
            throw new IllegalArgumentException("Tract index is at least 0, not " + index);
        }
    }

    @Override
    public int compareTo(TractId other) {
        int byBlob = blob.compareTo(other.blob);
        return byBlob != 0 ? byBlob : Integer.compare(index, other.index);
    }

    /** Blob and index as {@code 00000100000000a7-3}. */
    @Override
    public String toString() {
        return blob + "-" + index;
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is not a tract id
     */
    public static TractId parse(String text) {
        if (text.length() < 18 || text.charAt(16) != '-') {
            throw new IllegalArgumentException("Tract id is <16 hexadecimal digits>-<index>, not '" + text + "'");
        }
        return new TractId(BlobId.parse(text.substring(0, 16)), Integer.parseInt(text.substring(17)));
    }
}
