package io.tractfs.metadata.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.audit.AuditLog;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Metrics of a metadata server. Thread-safe. */
final class MetadataMetrics implements AutoCloseable {
    private static final String PREFIX = "tractfs.metadata.";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    MetadataMetrics(
            ClusterRecords records,
            LeaderGate gate,
            Supplier<@Nullable LeaderView> view,
            SpaceLedger space,
            AuditLog audit) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        gauge("inodes", "Files and directories.", records::inodeCount);
        gauge("log.applied", "Index of the last applied entry of the log.", records::appliedIndex);
        gauge("garbage.head", "Last sequence of the garbage log.", records::garbageHead);
        gauge("serving", "1 while the namespace takes writes.", () -> gate.isServing() ? 1 : 0);
        gauge("epoch", "Epoch of this leadership; 0 while it does not lead.", () -> {
            @Nullable LeaderView leader = view.get();
            return leader == null ? 0 : leader.epoch().value();
        });
        gauge("table.changes", "Change number of the table's image.", () -> {
            @Nullable LeaderView leader = view.get();
            return leader == null ? 0 : leader.table().image().sequence().change();
        });
        gauge(
                "rows",
                "Rows of the table that this leader shows.",
                () -> rows(view).size());
        gauge("rows.in.sync", "Rows whose members all hold what is to be had.", () -> inSync(rows(view)));
        gauge("rows.stores", "Stores that are members of rows.", () -> members(rows(view)));
        gauge("capacity.bytes", "Bytes of all stores.", () -> space.now().capacity());
        FunctionCounter.builder(PREFIX + "audit.dropped", audit, AuditLog::dropped)
                .description("Events that the audit log lost because too many waited.")
                .register(registry);
        gauge("used.bytes", "Bytes that tracts take.", () -> space.now().used());
    }

    private static List<Row> rows(Supplier<@Nullable LeaderView> view) {
        @Nullable LeaderView leader = view.get();
        return leader == null ? List.of() : leader.table().image().rows();
    }

    private static long inSync(List<Row> rows) {
        return rows.stream().filter(MetadataMetrics::isInSync).count();
    }

    /** Whether every member holds all that anybody can give it: what only an absent store holds, nobody can. */
    private static boolean isInSync(Row row) {
        ClassSet absent = ClassSet.EMPTY;
        for (Waiting away : row.waiting()) {
            absent = absent.plus(away.classes());
        }
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            ClassSet all = ClassSet.ofColumn(column, row.columns().count());
            if (member == null || !member.held().plus(absent).containsAll(all)) {
                return false;
            }
        }
        return true;
    }

    private static int members(List<Row> rows) {
        Set<StoreId> stores = new HashSet<>();
        for (Row row : rows) {
            for (int column = 0; column < row.columns().count(); column++) {
                @Nullable Member member = row.columns().at(column);
                if (member != null) {
                    stores.add(member.ref().store());
                }
            }
        }
        return stores.size();
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(PREFIX + name, value).description(description).register(registry);
    }

    /** All metrics in Prometheus' text form. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
