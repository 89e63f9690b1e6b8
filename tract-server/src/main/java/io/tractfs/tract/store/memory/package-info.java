/**
 * Storage and ledger in memory, with the same contracts as the real ones, and with power loss, damage and failure on
 * request. For the simulator and for tests; no server uses them.
 */
@NullMarked
package io.tractfs.tract.store.memory;

import org.jspecify.annotations.NullMarked;
