package io.tractfs.metadata.namespace;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one entry, or one command within it, has changed so far, over what lies below: reads see the changes. A command
 * that is refused is dropped with its transaction. Confined to the thread that applies.
 */
final class Transaction implements KeyValueView {
    private final KeyValueView below;
    private final KeyValueBatch batch = new KeyValueBatch();
    private Counters counters;

    /** Begins over a view, with counters that it may change. */
    Transaction(KeyValueView below, Counters counters) {
        this.below = below;
        this.counters = counters;
    }

    /** Begins a transaction within this one. */
    Transaction nested() {
        return new Transaction(this, counters.copy());
    }

    /** Takes over what a nested transaction changed. */
    void adopt(Transaction nested) {
        batch.addAll(nested.batch);
        counters = nested.counters;
    }

    /** The numbers; changes count when the transaction does. */
    Counters counters() {
        return counters;
    }

    /** The changes. */
    KeyValueBatch batch() {
        return batch;
    }

    /** Sets a value. */
    void put(KeySpace space, byte[] key, byte[] value) {
        batch.put(space, key, value);
    }

    /** Removes a key. */
    void delete(KeySpace space, byte[] key) {
        batch.delete(space, key);
    }

    @Override
    public byte @Nullable [] get(KeySpace space, byte[] key) {
        KeyValueBatch.Change change = batch.change(space, key);
        return change == null ? below.get(space, key) : change.value();
    }

    @Override
    public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        Merge merge =
                new Merge(batch.table(space).tailMap(from, true).entrySet().iterator(), prefix, visitor);
        below.scan(space, prefix, from, merge);
        merge.finish();
    }

    /** Merges the changes of this transaction into a scan of what lies below. Not thread-safe. */
    private static final class Merge implements Visitor {
        private final Iterator<Map.Entry<byte[], KeyValueBatch.Change>> changes;
        private final byte[] prefix;
        private final Visitor visitor;
        private Map.@Nullable Entry<byte[], KeyValueBatch.Change> next;
        private boolean stopped;

        Merge(Iterator<Map.Entry<byte[], KeyValueBatch.Change>> changes, byte[] prefix, Visitor visitor) {
            this.changes = changes;
            this.prefix = prefix;
            this.visitor = visitor;
            advance();
        }

        @Override
        public boolean visit(byte[] key, byte[] value) {
            emitBefore(key);
            if (stopped) {
                return false;
            }
            if (next != null && Arrays.equals(next.getKey(), key)) {
                emitNext();
            } else {
                emit(key, value);
            }
            return !stopped;
        }

        void finish() {
            while (!stopped && next != null) {
                emitNext();
            }
        }

        private void emitBefore(byte[] key) {
            while (!stopped && next != null && Arrays.compareUnsigned(next.getKey(), key) < 0) {
                emitNext();
            }
        }

        private void emitNext() {
            if (next == null) {
                return;
            }
            byte[] key = next.getKey();
            byte[] value = next.getValue().value();
            advance();
            if (value != null) {
                emit(key, value);
            }
        }

        private void emit(byte[] key, byte[] value) {
            stopped = !visitor.visit(key, value);
        }

        private void advance() {
            next = changes.hasNext() ? changes.next() : null;
            if (next != null && !KeyValueBatch.startsWith(next.getKey(), prefix)) {
                next = null;
            }
        }
    }
}
