/**
 * Writer recovery (P19), the pure part: which tracts of a segment are to be fenced, and how long the segment is by what
 * their members answer. Main type: {@link io.tractfs.metadata.recovery.TailSearch}. Called by the server's driver.
 */
@NullMarked
package io.tractfs.metadata.recovery;

import org.jspecify.annotations.NullMarked;
