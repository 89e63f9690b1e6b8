package io.tractfs.tract.store;

import java.nio.file.Path;

/**
 * Where the bytes of a tract are on this machine. Whoever reads them there checks every chunk, since nothing keeps the file
 * from being moved, emptied or damaged meanwhile. Immutable.
 *
 * @param file the tract's file
 * @param dataPosition where the tract's first byte is in it
 * @param checksumsPosition where the bound checksums of whole chunks are in it, 4 bytes big-endian each
 * @param length bytes that are held from 0 on, without a gap and without damage
 * @param tailChecksum bound checksum of the last chunk if the length is not a multiple of the chunk size
 */
public record TractLocation(Path file, int dataPosition, int checksumsPosition, int length, int tailChecksum) {}
