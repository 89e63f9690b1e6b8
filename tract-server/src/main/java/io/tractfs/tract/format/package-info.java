/**
 * What is on the disk of a store, byte by byte: tract files with header, slots and checksums, and superblocks. Drawn in
 * {@code docs/tract-format.md}; golden bytes hold it. Used by the stores only.
 */
@NullMarked
package io.tractfs.tract.format;

import org.jspecify.annotations.NullMarked;
