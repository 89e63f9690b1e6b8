package io.tractfs.metadata.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One tract of one row under random changes of its replication and of the row's members, with orders that are lost, late and
 * doubled (INTERLEAVINGS D3): no member ever counts as a holder of the tract's class without having the tract, and in the end
 * the copies are as many as asked for. A failing seed is in the message.
 */
class ReplicationModelTest {
    private static final int SEEDS = 500;
    private static final int STEPS = 120;
    private static final int COLUMNS = 3;

    /** What a store has of the tract: replication, the other one while it changes, number of the step. */
    private record Copy(int replication, int other, int number) {
        boolean belongsTo(ClassSet classes) {
            int second = other == 0 ? replication : other;
            for (int r = Math.min(replication, second); r <= Math.max(replication, second); r++) {
                if (classes.contains(r)) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Order(Row row, ReplicationPlanner.Step step, int number, int replication, int other, int source) {}

    private final Map<StoreId, Copy> copies = new HashMap<>();
    private final List<Order> orders = new ArrayList<>();
    private final Set<Order> done = new HashSet<>();
    private Random random = new Random(0);
    private Row row = Row.unassigned(0, COLUMNS);
    private int versions;
    private int nextStore;
    // The namespace.
    private int replication = 2;
    private int other;
    private boolean committed;
    private int number;

    @Test
    void everyHolderHasTheTractWhateverIsLostLateOrDoubled() {
        for (int seed = 0; seed < SEEDS; seed++) {
            begin(seed);
            for (int step = 0; step < STEPS; step++) {
                act();
                check("seed " + seed + " step " + step);
            }
            settle();
            check("seed " + seed + " at the end");
            assertThat(copiesOfMembers()).as("seed %s: copies of %s", seed, row).isEqualTo(replication);
        }
    }

    private void begin(int seed) {
        random = new Random(seed);
        copies.clear();
        orders.clear();
        done.clear();
        versions = 0;
        replication = 2 + random.nextInt(2);
        other = 0;
        committed = false;
        number = 0;
        Columns columns = Columns.vacant(COLUMNS);
        for (int column = 0; column < COLUMNS; column++) {
            Member member = new Member(newStore(), ClassSet.ofColumn(column, COLUMNS));
            columns = columns.with(column, member);
            if (column < replication) {
                copies.put(member.ref().store(), new Copy(replication, 0, 0));
            }
        }
        row = new Row(0, nextVersion(), columns, List.of());
    }

    private void act() {
        switch (random.nextInt(8)) {
            case 0 -> setReplication(2 + random.nextInt(2));
            case 1 -> replaceMember();
            case 2, 3 -> reconcile();
            case 4 -> send();
            case 5, 6 -> deliver();
            default -> advance();
        }
    }

    /** The namespace's rule for a closed file of one segment. */
    private void setReplication(int wanted) {
        if (other == 0 || committed) {
            if (wanted != replication) {
                number++;
                other = wanted;
                committed = false;
            }
        } else if (wanted != other) {
            number++;
            committed = true;
        }
    }

    private void send() {
        if (other != 0) {
            ReplicationPlanner.plan(row, replication, other, committed)
                    .ifPresent(stages -> stages.forEach(stage -> stage.forEach(step -> orders.add(
                            new Order(row, step, number, replication, committed ? 0 : other, replication)))));
        }
    }

    /** An order arrives; it may arrive again, and late. */
    private void deliver() {
        if (!orders.isEmpty()) {
            int index = random.nextInt(orders.size());
            carryOut(random.nextInt(4) == 0 ? orders.get(index) : orders.remove(index));
        }
    }

    private void carryOut(Order order) {
        StoreId store = order.step().member().ref().store();
        @Nullable Member member = row.member(store).orElse(null);
        boolean admitted = member != null
                && row.version().equals(order.row().version())
                && (order.step().trim()
                        || member.held().containsAll(order.step().classes()));
        @Nullable Copy copy = copies.get(store);
        if (!admitted || (copy != null && copy.number() > order.number())) {
            return;
        }
        if (order.step().trim()) {
            copies.remove(store);
        } else if (copy != null || isAtAnother(store, new ClassSet(1 << (order.source() - 1)))) {
            copies.put(store, new Copy(order.replication(), order.other(), order.number()));
        } else {
            return;
        }
        done.add(order);
    }

    private boolean isAtAnother(StoreId self, ClassSet classes) {
        return members().stream()
                .filter(member -> !member.ref().store().equals(self))
                .filter(member -> !member.held().intersect(classes).isEmpty())
                .map(member -> copies.get(member.ref().store()))
                .anyMatch(copy -> copy != null && copy.belongsTo(classes));
    }

    /** The driver: all that one version of the row asks for is done. */
    private void advance() {
        if (other == 0) {
            return;
        }
        boolean all = versionsOfOrders().stream()
                .anyMatch(version -> ReplicationPlanner.plan(version, replication, other, committed)
                        .map(stages -> stages.stream()
                                .flatMap(List::stream)
                                .allMatch(step -> done.contains(new Order(
                                        version, step, number, replication, committed ? 0 : other, replication))))
                        .orElse(false));
        if (all && committed) {
            other = 0;
            committed = false;
        } else if (all) {
            int old = replication;
            replication = other;
            other = old;
            committed = true;
            number++;
        }
    }

    private Set<Row> versionsOfOrders() {
        Set<Row> rows = new HashSet<>();
        done.forEach(order -> rows.add(order.row()));
        return rows;
    }

    /** A member is gone and an empty store takes its column; the classes that count keep a holder. */
    private void replaceMember() {
        int gone = random.nextInt(COLUMNS);
        ClassSet left = ClassSet.EMPTY;
        for (int column = 0; column < COLUMNS; column++) {
            Member member = Objects.requireNonNull(row.columns().at(column));
            left = column == gone ? left : left.plus(member.held());
        }
        if (left.contains(2) && left.contains(3)) {
            Columns columns = row.columns().with(gone, new Member(newStore(), ClassSet.EMPTY));
            row = new Row(0, nextVersion(), columns, List.of());
        }
    }

    /** A recovering member brings a class from a holder. Class 1 is not looked at: whoever is in column 0 has it. */
    private void reconcile() {
        int column = random.nextInt(COLUMNS);
        Member member = Objects.requireNonNull(row.columns().at(column));
        ClassSet wanted = ClassSet.ofColumn(column, COLUMNS).minus(member.held());
        for (int r = 1; r <= COLUMNS; r++) {
            ClassSet one = new ClassSet(1 << (r - 1));
            List<Member> holders = members().stream()
                    .filter(source -> !source.held().intersect(one).isEmpty())
                    .toList();
            if (wanted.contains(r) && (r == 1 || !holders.isEmpty())) {
                if (r > 1) {
                    take(
                            member,
                            copies.get(holders.get(random.nextInt(holders.size()))
                                    .ref()
                                    .store()),
                            one);
                }
                member = new Member(member.ref(), member.held().plus(one));
            }
        }
        row = new Row(0, row.version(), row.columns().with(column, member), List.of());
    }

    private void take(Member member, @Nullable Copy source, ClassSet classes) {
        @Nullable Copy own = copies.get(member.ref().store());
        if (source != null && source.belongsTo(classes) && (own == null || own.number() < source.number())) {
            copies.put(member.ref().store(), source);
        }
    }

    /** Nothing is lost any more. */
    private void settle() {
        orders.clear();
        for (int round = 0; round < 100; round++) {
            reconcile();
            send();
            orders.forEach(this::carryOut);
            orders.clear();
            advance();
        }
        assertThat(other).isZero();
    }

    private void check(String when) {
        for (int column = 0; column < replication; column++) {
            Member member = Objects.requireNonNull(row.columns().at(column));
            if (member.holds(replication)) {
                assertThat(copies)
                        .as("%s: %s of %s", when, member, row)
                        .containsKey(member.ref().store());
            }
        }
    }

    private long copiesOfMembers() {
        return members().stream()
                .filter(member -> copies.containsKey(member.ref().store()))
                .count();
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (int column = 0; column < COLUMNS; column++) {
            members.add(Objects.requireNonNull(row.columns().at(column)));
        }
        return members;
    }

    private StoreRef newStore() {
        return new StoreRef(new StoreId(new UUID(0, ++nextStore)), new Incarnation(1));
    }

    private RowVersion nextVersion() {
        return RowVersion.of(new Epoch(1), ++versions);
    }
}
