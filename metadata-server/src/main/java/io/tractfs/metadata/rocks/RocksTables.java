package io.tractfs.metadata.rocks;

import io.tractfs.metadata.namespace.KeySpace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/** RocksDB's options for the tables; owns the native objects behind them. Not thread-safe. */
final class RocksTables implements AutoCloseable {
    private static final int KEPT_INFO_LOGS = 3;
    private static final int BACKGROUND_JOBS = 2;
    private static final double BITS_PER_KEY = 10;
    private static final long BLOCK_BYTES = 8 << 10;

    private final Cache cache;
    private final BloomFilter filter = new BloomFilter(BITS_PER_KEY);
    private final ColumnFamilyOptions tableOptions;
    private final DBOptions databaseOptions;

    /** Options within limits. */
    RocksTables(RocksLimits limits) {
        cache = new LRUCache(limits.cacheBytes());
        tableOptions = new ColumnFamilyOptions()
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setWriteBufferSize(limits.writeBufferBytes() / 2)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(BLOCK_BYTES)
                        .setCacheIndexAndFilterBlocks(true)
                        .setFilterPolicy(filter));
        databaseOptions = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // All tables or none: a manifest whose end is lost shows one instant of the past (P35).
                .setAtomicFlush(true)
                .setDbWriteBufferSize(limits.writeBufferBytes())
                .setMaxTotalWalSize(limits.logBytes())
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(KEPT_INFO_LOGS);
    }

    /** Options of the database. */
    DBOptions databaseOptions() {
        return databaseOptions;
    }

    /** The column families: RocksDB's own default one first, then one per table in the order of {@link KeySpace}. */
    List<ColumnFamilyDescriptor> descriptors() {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tableOptions));
        for (KeySpace space : KeySpace.values()) {
            descriptors.add(
                    new ColumnFamilyDescriptor(space.columnFamily().getBytes(StandardCharsets.UTF_8), tableOptions));
        }
        return descriptors;
    }

    @Override
    public void close() {
        databaseOptions.close();
        tableOptions.close();
        filter.close();
        cache.close();
    }
}
