package io.tractfs.client;

/** What is worked out of a file's content, of the CRC32C of every 512 bytes of each logical block. Immutable. */
public enum DigestKind {
    /** For each block the MD5 of its CRC32Cs, 16 bytes each, as HDFS makes its MD5-of-MD5s from. */
    BLOCK_MD5S,
    /** One CRC32C of all bytes, whatever the blocks, 4 bytes big-endian. */
    CRC32C
}
