package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;

/**
 * What the store says to one proposed row. Immutable.
 *
 * @param row index of the row
 * @param accepted whether it holds the proposed version now and acknowledges no write under an older one (P9)
 * @param version the version that it holds
 * @param held classes that it holds whole
 * @param unclean whether a power loss may have cut what it holds, and it was not merged with the other copies since (P7)
 */
public record ProposalVerdict(int row, boolean accepted, RowVersion version, ClassSet held, boolean unclean) {}
