package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;

/**
 * An order to empty a row (P15). Immutable.
 *
 * @param row index of the row
 * @param version version without the store; older ones are refused from then on
 */
public record EmptyOrder(int row, RowVersion version) {}
