package io.tractfs.metadata.namespace;

import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;

/**
 * One leadership (P12). Immutable.
 *
 * @param epoch its number
 * @param lineage drawn at random by it
 * @param index index of its entry in the log
 */
public record EpochRecord(Epoch epoch, Lineage lineage, long index) {}
