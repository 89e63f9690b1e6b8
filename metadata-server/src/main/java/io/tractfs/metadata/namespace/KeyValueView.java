package io.tractfs.metadata.namespace;

import org.jspecify.annotations.Nullable;

/**
 * Reads of ordered tables of bytes. Keys are compared as unsigned bytes. Arrays that are passed or returned are not
 * changed afterwards by either side. Implementations say whether they are thread-safe.
 */
public interface KeyValueView {
    /** The value of a key, null where there is none. */
    byte @Nullable [] get(KeySpace space, byte[] key);

    /**
     * Visits entries in key order, from the first key at or after {@code from}, as long as keys begin with {@code
     * prefix} and the visitor says true.
     */
    void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor);

    /** Visits every entry whose key begins with the prefix. */
    default void scan(KeySpace space, byte[] prefix, Visitor visitor) {
        scan(space, prefix, prefix, visitor);
    }

    /** Takes entries of a scan. */
    @FunctionalInterface
    interface Visitor {
        /** Takes one entry; false ends the scan. */
        boolean visit(byte[] key, byte[] value);
    }
}
