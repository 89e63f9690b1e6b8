package io.tractfs.metadata.namespace;

/**
 * Ordered tables of bytes. A batch is applied whole or not at all, also over a crash; batches become durable in the
 * order of their writing, at the latest with {@link #flush()}. Reads see every batch whose write has returned. One
 * thread writes; any thread reads.
 */
public interface KeyValueStore extends KeyValueView, AutoCloseable {
    /** Applies a batch atomically. */
    void write(KeyValueBatch batch);

    /** Makes every batch written so far durable: power loss included. */
    void flush();

    /** A view of this instant. */
    KeyValueSnapshot snapshot();

    /**
     * A view of this instant that reads no file: what is not in memory it refuses with {@link NotInMemoryException}, so
     * that it can be asked from a thread that must not wait for a disk.
     */
    KeyValueSnapshot memorySnapshot();

    /** Releases what is held open. */
    @Override
    void close();
}
