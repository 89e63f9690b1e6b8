/**
 * One store: a data directory with its superblock, the tracts in it and the ledger of its rows. The seams
 * {@link io.tractfs.tract.store.TractStorage} and {@link io.tractfs.tract.store.RowLedger} are what gate, reconcile and
 * server are written against; {@code Store} opens the real thing.
 */
@NullMarked
package io.tractfs.tract.store;

import org.jspecify.annotations.NullMarked;
