package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.StoreRef;

/**
 * What a living store has of a row, as it last said. Immutable.
 *
 * @param ref the store that said it
 * @param version that it holds
 * @param held classes that it holds whole
 * @param unclean whether bytes of it may have been lost with the power, and it was not merged with the other copies since:
 *     that a plan uses it does not make it whole (P7)
 */
record HeldCopy(StoreRef ref, RowVersion version, ClassSet held, boolean unclean) {}
