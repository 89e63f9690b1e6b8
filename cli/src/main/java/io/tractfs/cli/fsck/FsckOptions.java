package io.tractfs.cli.fsck;

/**
 * What to check. Immutable.
 *
 * @param path where to begin
 * @param verify whether stores read every byte
 * @param repair whether what is wrong is repaired
 */
public record FsckOptions(String path, boolean verify, boolean repair) {}
