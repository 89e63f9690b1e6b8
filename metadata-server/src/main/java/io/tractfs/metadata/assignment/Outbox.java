package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stores are still to be told. Each store has at most one message under way, proposals before publications, so that
 * it sees the versions of a row in order; what is told is looked up when the message is made, so that a queue never grows
 * past the number of rows. A message that failed is made anew after a pause. Confined to the assignment loop.
 */
final class Outbox {
    /** Most rows of one message: few enough that a busy disk answers in a fraction of the death time. */
    static final int MESSAGE_ROWS = 512;

    /** Rows of the first message to a store that has had nothing to do; it doubles from message to message. */
    static final int FIRST_MESSAGE_ROWS = 64;

    /** Most rows that are hurried. */
    static final int MOST_URGENT = 1024;

    private static final int PAUSES_PER_DEATH_TIME = 20;

    /** A store that was silent over a proposal is tried again after this many death times without any. */
    private static final int SILENCE_DEATH_TIMES = 5;

    private final RowTable rows;
    private final AssignmentConfig.Timing timing;
    private final Map<StoreId, Queue> queues = new TreeMap<>();
    /** Queues that may have something to send, and nothing under way: no event costs a look at all others. */
    private final Set<StoreId> ready = new TreeSet<>();
    /** Stores that have not answered a proposal. */
    private final Set<StoreId> asked = new TreeSet<>();

    private final Set<Integer> urgent = new LinkedHashSet<>();
    private long nextMessage = 1;
    private boolean silenceBroken;

    /** What one store is to be told. */
    private static final class Queue {
        final StoreRef ref;
        final Set<Integer> proposals = new LinkedHashSet<>();
        final Set<Integer> publications = new LinkedHashSet<>();
        final Map<Integer, RowVersion> empties = new LinkedHashMap<>();
        int messageRows = FIRST_MESSAGE_ROWS;

        @Nullable
        Message underWay;
        /** Since when the store has not answered a proposal; it may have failed some in between. */
        long silentSince = Long.MAX_VALUE;

        long notBefore = Long.MIN_VALUE;
        /** When it last failed a message; 0 if it answered the last one. */
        long failedAt;

        Queue(StoreRef ref) {
            this.ref = ref;
        }

        boolean isEmpty() {
            return proposals.isEmpty() && publications.isEmpty() && empties.isEmpty();
        }
    }

    /** One message under way. Immutable. */
    record Message(long number, List<Integer> proposed, List<Integer> published, Map<Integer, RowVersion> emptied) {}

    Outbox(RowTable rows, AssignmentConfig.Timing timing) {
        this.rows = rows;
        this.timing = timing;
    }

    void propose(StoreRef to, int row) {
        queue(to).proposals.add(row);
    }

    /** A client waits for a row: it is proposed before others, in a message of its own, until it is {@link #settled}. */
    void hurry(int row) {
        if (urgent.add(row) && urgent.size() > MOST_URGENT) {
            urgent.remove(urgent.iterator().next());
        }
    }

    /** A row is published. */
    void settled(int row) {
        urgent.remove(row);
    }

    void publish(StoreRef to, int row) {
        queue(to).publications.add(row);
    }

    void empty(StoreRef to, int row, RowVersion version) {
        queue(to).empties.put(row, version);
    }

    private Queue queue(StoreRef to) {
        Queue queue = queues.get(to.store());
        if (queue == null || !queue.ref.equals(to)) {
            queue = new Queue(to);
            queues.put(to.store(), queue);
            asked.remove(to.store());
        }
        ready.add(to.store());
        return queue;
    }

    /** A store is gone: nothing is told to it any more. */
    void drop(StoreId store) {
        queues.remove(store);
        ready.remove(store);
        asked.remove(store);
    }

    /** Whether a store has been silent over a proposal for longer than a replacement may be. */
    boolean isSilent(StoreId store, long now) {
        return silence(store, now) > timing.proposalNanos();
    }

    /** Whether a store has been silent over a proposal for the death time. */
    boolean isSilentForDeathTime(StoreId store, long now) {
        return silence(store, now) > timing.deathNanos();
    }

    private long silence(StoreId store, long now) {
        @Nullable Queue queue = queues.get(store);
        return queue == null || queue.silentSince == Long.MAX_VALUE ? 0 : now - queue.silentSince;
    }

    /** Stores that are silent over a proposal. */
    List<StoreId> silent(long now) {
        return asked.stream().filter(store -> isSilent(store, now)).toList();
    }

    /** Forgives silence that is long over, so that the store is tried again; true if any store's silence ended. */
    boolean forgive(long now) {
        boolean any = silenceBroken;
        silenceBroken = false;
        for (StoreId store : List.copyOf(asked)) {
            @Nullable Queue queue = queues.get(store);
            boolean over = queue != null
                    && queue.underWay == null
                    && queue.proposals.isEmpty()
                    && now - queue.failedAt > SILENCE_DEATH_TIMES * timing.deathNanos();
            if (queue != null && over) {
                queue.silentSince = Long.MAX_VALUE;
                asked.remove(store);
                any = true;
            }
        }
        return any;
    }

    /** The message of an answer, which is over now; null if it is none of the present ones. */
    @Nullable
    Message answered(StoreRef from, long number, long now) {
        @Nullable Queue queue = queues.get(from.store());
        @Nullable Message message = queue == null ? null : queue.underWay;
        if (queue == null || message == null || message.number() != number || !queue.ref.equals(from)) {
            return null;
        }
        queue.underWay = null;
        silenceBroken |= queue.failedAt != 0 || isSilent(from.store(), now);
        queue.failedAt = 0;
        queue.silentSince = Long.MAX_VALUE;
        asked.remove(from.store());
        ready.add(from.store());
        return message;
    }

    /** A message failed: everything in it is told again. */
    void failed(StoreRef from, long number, long now) {
        @Nullable Queue queue = queues.get(from.store());
        @Nullable Message message = queue == null ? null : queue.underWay;
        if (queue == null || message == null || message.number() != number) {
            return;
        }
        queue.underWay = null;
        queue.failedAt = now;
        queue.notBefore = now + timing.deathNanos() / PAUSES_PER_DEATH_TIME;
        queue.proposals.addAll(message.proposed());
        queue.publications.addAll(message.published());
        message.emptied().forEach(queue.empties::putIfAbsent);
        ready.add(from.store());
    }

    /** Sends what can be sent. */
    void flush(long now, Consumer<Effect> effects) {
        for (StoreId store : List.copyOf(ready)) {
            @Nullable Queue queue = queues.get(store);
            if (queue == null || queue.underWay != null) {
                ready.remove(store); // The answer makes it ready again.
            } else if (now >= queue.notBefore && !sendProposals(queue, now, effects)) {
                sendPublications(queue, effects);
                if (queue.isEmpty()) {
                    ready.remove(store);
                }
            }
        }
    }

    private boolean sendProposals(Queue queue, long now, Consumer<Effect> effects) {
        List<Integer> hurried = urgent.stream()
                .filter(row -> queue.proposals.contains(row) && isAsked(queue, row))
                .toList();
        List<Effect.ProposedRow> proposed = new ArrayList<>();
        List<Integer> taken = new ArrayList<>();
        Iterator<Integer> waiting = hurried.isEmpty() ? queue.proposals.iterator() : hurried.iterator();
        while (waiting.hasNext() && proposed.size() < queue.messageRows) {
            int index = waiting.next();
            taken.add(index);
            @Nullable PlanInFlight plan = rows.at(index).plan();
            if (plan != null && plan.asks(queue.ref)) {
                proposed.add(new Effect.ProposedRow(plan.row(), plan.floor(), plan.released()));
            }
        }
        taken.forEach(queue.proposals::remove);
        if (proposed.isEmpty()) {
            queue.messageRows = FIRST_MESSAGE_ROWS;
            return false;
        }
        queue.messageRows = Math.min(MESSAGE_ROWS, 2 * queue.messageRows);
        long number = nextMessage++;
        List<Integer> sent = proposed.stream().map(one -> one.row().index()).toList();
        queue.underWay = new Message(number, sent, List.of(), Map.of());
        queue.silentSince = Math.min(queue.silentSince, now);
        asked.add(queue.ref.store());
        effects.accept(new Effect.SendProposal(queue.ref, number, proposed));
        return true;
    }

    private boolean isAsked(Queue queue, int row) {
        @Nullable PlanInFlight plan = rows.at(row).plan();
        return plan != null && plan.asks(queue.ref);
    }

    private void sendPublications(Queue queue, Consumer<Effect> effects) {
        List<Row> published = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        Iterator<Integer> waiting = queue.publications.iterator();
        while (waiting.hasNext() && published.size() < MESSAGE_ROWS) {
            RowState row = rows.at(waiting.next());
            waiting.remove();
            if (row.isUp() && row.base().columnOf(queue.ref.store()) >= 0) {
                published.add(row.base());
                indexes.add(row.index());
            }
        }
        Map<Integer, RowVersion> emptied = takeEmpties(queue);
        if (!published.isEmpty() || !emptied.isEmpty()) {
            long number = nextMessage++;
            queue.underWay = new Message(number, List.of(), indexes, emptied);
            effects.accept(new Effect.SendPublish(queue.ref, number, published, emptied));
        }
    }

    /** Orders that still stand: the store is no member, and none is planned (P15). */
    private Map<Integer, RowVersion> takeEmpties(Queue queue) {
        Map<Integer, RowVersion> emptied = new HashMap<>();
        Iterator<Map.Entry<Integer, RowVersion>> waiting =
                queue.empties.entrySet().iterator();
        while (waiting.hasNext() && emptied.size() < MESSAGE_ROWS) {
            Map.Entry<Integer, RowVersion> order = waiting.next();
            waiting.remove();
            RowState row = rows.at(order.getKey());
            boolean stands = row.isUp()
                    && row.floor().equals(order.getValue())
                    && row.intended().columnOf(queue.ref.store()) < 0;
            if (stands) {
                emptied.put(order.getKey(), order.getValue());
            }
        }
        return emptied;
    }
}
