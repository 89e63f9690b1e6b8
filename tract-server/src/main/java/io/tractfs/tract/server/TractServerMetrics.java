package io.tractfs.tract.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.StoreId;
import io.tractfs.tract.store.TractStorage;
import java.util.function.Supplier;

/** What the tract server counts. Thread-safe. */
final class TractServerMetrics {
    private final MeterRegistry registry;
    private final Counter written;
    private final Counter read;
    private final Counter reconciled;

    TractServerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.written = counter("tractfs_tract_written_bytes", "Bytes that clients wrote.");
        this.read = counter("tractfs_tract_read_bytes", "Bytes that were sent to readers.");
        this.reconciled = counter("tractfs_tract_reconciled_bytes", "Bytes that were fetched from other stores.");
    }

    void written(long bytes) {
        written.increment((double) bytes);
    }

    void read(long bytes) {
        read.increment((double) bytes);
    }

    void reconciled(long bytes) {
        reconciled.increment((double) bytes);
    }

    void refused(ErrorCode code) {
        registry.counter("tractfs_tract_refused_calls", "code", code.name()).increment();
    }

    /** The gauge of directories that are not served. */
    void watchRefused(Supplier<Number> refused) {
        Gauge.builder("tractfs_tract_refused_directories", refused).register(registry);
    }

    /** Gauges of what is damaged in one store. */
    void watchDamage(StoreId store, Supplier<DamageWatch.Damage> damage) {
        gauge("tractfs_tract_damaged_tracts", store, () -> damage.get().tracts());
        gauge("tractfs_tract_damaged_bytes", store, () -> damage.get().bytes());
    }

    /** Gauges of one store. */
    void watch(StoreId store, TractStorage tracts, Supplier<Number> rowsToReconcile) {
        gauge("tractfs_tract_used_bytes", store, () -> tracts.space().used());
        gauge("tractfs_tract_free_bytes", store, () -> tracts.space().free());
        gauge("tractfs_tract_tract_count", store, () -> tracts.space().tractCount());
        gauge("tractfs_tract_failed_flag", store, () -> tracts.failure().isPresent() ? 1 : 0);
        gauge("tractfs_tract_reconcile_rows", store, rowsToReconcile);
    }

    private void gauge(String name, StoreId store, Supplier<Number> value) {
        Gauge.builder(name, value).tag("store", store.toString()).register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
