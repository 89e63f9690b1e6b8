package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractStorage;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the tracts of emptied rows to trash (P15). It works on the store's control loop, where rows are accepted too, a
 * few rows at a time: so a row of which the store has become a member again in the meantime is left alone, and nothing
 * of it is removed afterwards. What a crash leaves undone is ordered again when the store starts. Thread-safe.
 */
final class RowEmptier {
    private static final Logger LOG = LoggerFactory.getLogger(RowEmptier.class);
    private static final int ROWS_PER_STEP = 8;

    private final StoreRef self;
    private final TractStorage tracts;
    private final Admissions admissions;
    private final Executor loop;
    /** At most one entry per order and row. */
    private final Deque<Order> orders = new ArrayDeque<>();

    private int emptied;
    private boolean running;

    RowEmptier(StoreRef self, TractStorage tracts, Admissions admissions, Executor loop) {
        this.self = self;
        this.tracts = tracts;
        this.admissions = admissions;
        this.loop = loop;
    }

    /** Takes rows whose emptied state is persisted. */
    void empty(Collection<HeldRow> rows) {
        synchronized (this) {
            rows.forEach(
                    row -> orders.add(new Order(row.row().index(), row.row().version())));
        }
        kick();
    }

    /** Goes on, where the loop was too busy to take a step. */
    void kick() {
        synchronized (this) {
            if (running || orders.isEmpty()) {
                return;
            }
            running = true;
        }
        submit();
    }

    private void submit() {
        try {
            loop.execute(this::step);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                running = false;
            }
        }
    }

    private void step() {
        for (int i = 0; i < ROWS_PER_STEP; i++) {
            @Nullable Order order = next();
            if (order == null) {
                return;
            }
            try {
                remove(order);
            } catch (TractException e) {
                LOG.warn("event=row-not-emptied store={} row={} reason={}", self, order.row(), e.getMessage());
            }
        }
        submit();
    }

    private synchronized @Nullable Order next() {
        @Nullable Order order = orders.poll();
        if (order == null) {
            running = false;
            LOG.info("event=rows-emptied store={} rows={}", self, emptied);
            emptied = 0;
        }
        return order;
    }

    private void remove(Order order) throws TractException {
        @Nullable HeldRow held = admissions.of(order.row()).held();
        if (held != null
                && held.row().version().equals(order.version())
                && held.row().columnOf(self.store()) < 0) {
            tracts.removeRow(order.row());
            emptied++;
        }
    }

    private record Order(int row, RowVersion version) {}
}
