/**
 * The namespace's ordered tables on RocksDB: {@link io.tractfs.metadata.rocks.RocksKeyValueStore}, one column family per
 * table, the write-ahead log on but not synced, since the replicated log is what makes commands durable. Called by the
 * composition root.
 */
@NullMarked
package io.tractfs.metadata.rocks;

import org.jspecify.annotations.NullMarked;
