package io.tractfs.metadata.namespace;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One page of a directory, as it goes to the caller. Immutable.
 *
 * @param encoded the entries as {@link ListingCodec} writes them, in order of names as UTF-8 bytes; not to be changed
 * @param count number of entries
 * @param last name of the last one; empty if there is none
 * @param more whether entries follow
 */
public record Listing(ByteBuffer encoded, int count, String last, boolean more) {
    /** The entries, decoded. */
    public List<FileStatus> entries() {
        return ListingCodec.decode(encoded.duplicate());
    }
}
