package io.tractfs.metadata.namespace;

/** A view of one instant; later batches do not show. Thread-safe until closed. */
public interface KeyValueSnapshot extends KeyValueView, AutoCloseable {
    /** Gives the instant up; the view must not be used after this. */
    @Override
    void close();
}
