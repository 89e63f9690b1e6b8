package io.tractfs.metadata.namespace;

/**
 * A place in the replicated log. Immutable.
 *
 * @param term term of the entry
 * @param index index of the entry, from 0
 */
public record LogPosition(long term, long index) {
    /** Before the first entry. */
    public static final LogPosition START = new LogPosition(0, -1);
}
