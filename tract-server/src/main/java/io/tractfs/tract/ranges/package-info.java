/**
 * Which bytes of a tract are held: sets of ranges, and the rule by which ranges that arrived before their base, damaged
 * stretches and reconciled data come together (P25, P27). Pure: no bytes move here. Used by the stores.
 */
@NullMarked
package io.tractfs.tract.ranges;

import org.jspecify.annotations.NullMarked;
