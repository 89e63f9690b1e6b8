/**
 * CRC32C by chunk, bound to its place. Used by clients and tract servers.
 */
@org.jspecify.annotations.NullMarked
package io.tractfs.checksum;
