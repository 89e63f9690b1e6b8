package io.tractfs.metadata.planning;

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
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacementPlannerTest {
    private static final RowVersion FLOOR = RowVersion.of(new Epoch(1), 5);
    private static final RowVersion NEXT = RowVersion.of(new Epoch(1), 6);

    @Test
    void spreadsEmptyRowsEvenlyOverEveryNumberOfStores() {
        for (int stores = 3; stores <= 40; stores++) {
            List<Row> rows = firstPlacement(1024, 3, stores);

            assertThat(rows).hasSize(1024);
            assertEven(columnsOf(rows), stores, 3 * 1024, 1);
            for (int column = 0; column < 3; column++) {
                assertEven(columnsOf(rows, column), stores, 1024, 3);
            }
        }
    }

    @Test
    void neverPutsTwoColumnsOfARowOnOneStore() {
        for (int stores = 1; stores <= 12; stores++) {
            for (Row row : firstPlacement(256, 3, stores)) {
                List<StoreId> members = storesOf(row);
                assertThat(members).doesNotHaveDuplicates().hasSize(Math.min(3, stores));
                assertThat(row.columns().at(0)).isNotNull();
            }
        }
    }

    @Test
    void letsAllPairsOfASmallClusterShareRows() {
        for (int stores = 4; stores <= 12; stores++) {
            Map<Set<StoreId>, Integer> pairs = new HashMap<>();
            for (Row row : firstPlacement(4096, 3, stores)) {
                List<StoreId> members = storesOf(row);
                for (int i = 0; i < 3; i++) {
                    pairs.merge(Set.of(members.get(i), members.get((i + 1) % 3)), 1, Integer::sum);
                }
            }
            assertThat(pairs).as("pairs of %d stores", stores).hasSize(stores * (stores - 1) / 2);
            double mean = 3.0 * 4096 / pairs.size();
            assertThat(pairs.values())
                    .allSatisfy(count -> assertThat(count).isBetween((int) (mean * 0.5), (int) (mean * 1.6)));
        }
    }

    @Test
    void usesDistinctServersAndDomainsWhereThereAreEnough() {
        List<Candidate> stores = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            stores.add(new Candidate(ref(i, 1), "server" + i / 2, "/rack" + i / 4, 1 << 20));
        }
        for (Row row : place(unassigned(1024, 3), stores)) {
            Set<String> domains = storesOf(row).stream()
                    .map(store -> stores.stream()
                            .filter(candidate -> candidate.ref().store().equals(store))
                            .findFirst()
                            .orElseThrow()
                            .domain())
                    .collect(Collectors.toSet());
            assertThat(domains).hasSize(3);
        }
    }

    @Test
    void weighsStoresByFreeSpace() {
        List<Candidate> stores = new ArrayList<>(candidates(5));
        stores.add(new Candidate(ref(5, 1), "server5", "/default", 1L << 29));
        Map<StoreId, Integer> columns = columnsOf(place(unassigned(4096, 3), stores));

        assertThat(columns.get(ref(5, 1).store()))
                .isBetween((int) (3 * 4096 / 11.0 * 0.98), (int) (3 * 4096 / 11.0 * 1.02));
    }

    @Test
    void spreadsTheColumnsOfADeadStoreOverAllOthers() {
        List<Row> before = published(firstPlacement(4096, 3, 8));
        List<Row> after = replan(before, candidates(8).subList(1, 8), Set.of());

        Map<StoreId, Integer> columns = columnsOf(after);
        assertThat(columns).doesNotContainKey(ref(0, 1).store());
        assertEven(columns, 7, 3 * 4096, 2);
    }

    @Test
    void keepsHoldersAndNamesNoStoreTwiceOverManyRandomFailures() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int stores = 3 + random.nextInt(6);
            List<Row> rows = published(firstPlacement(64, 3, stores));
            List<Candidate> live = new ArrayList<>(candidates(stores));
            Collections.shuffle(live, random);
            live = live.subList(0, 1 + random.nextInt(stores));
            for (Row row : replan(rows, live, Set.of())) {
                assertSound(row, rows.get(row.index()), live, seed);
            }
        }
    }

    private static void assertSound(Row row, Row before, List<Candidate> live, int seed) {
        Set<StoreId> alive = live.stream().map(store -> store.ref().store()).collect(Collectors.toSet());
        assertThat(storesOf(row)).as("seed %d", seed).doesNotHaveDuplicates();
        if (row.version().equals(FLOOR)) {
            return;
        }
        assertThat(alive).as("seed %d", seed).containsAll(storesOf(row));
        for (int replicationClass = 1; replicationClass <= 3; replicationClass++) {
            int r = replicationClass;
            boolean hadLiveHolder = Stream.of(0, 1, 2)
                    .map(before.columns()::at)
                    .anyMatch(member -> member != null
                            && member.holds(r)
                            && alive.contains(member.ref().store()));
            boolean hasHolder =
                    Stream.of(0, 1, 2).map(row.columns()::at).anyMatch(member -> member != null && member.holds(r));
            assertThat(hasHolder).as("seed %d class %d of %s", seed, r, row).isEqualTo(hadLiveHolder);
            assertThat(row.isFrozen(r))
                    .as("seed %d class %d of %s", seed, r, row)
                    .isEqualTo(!hadLiveHolder);
        }
    }

    @Test
    void plansTheSameFromCountsThatWereKept() {
        List<Candidate> live = candidates(100).subList(1, 100);
        List<Row> rows = published(firstPlacement(1024, 3, 100));
        List<Row> hit = rows.stream()
                .filter(row -> storesOf(row).contains(ref(0, 1).store()))
                .toList();
        List<Row> others = rows.stream().filter(row -> !hit.contains(row)).toList();
        List<RowCase> cases = hit.stream()
                .map(row -> caseOf(
                        row,
                        storesOf(row).stream()
                                .collect(Collectors.toMap(
                                        store -> store,
                                        store -> Copy.of(
                                                row.member(store).orElseThrow().held())))))
                .toList();
        ColumnCounts counts = new ColumnCounts(3);
        counts.add(rows.get(0).columns());
        counts.remove(rows.get(0).columns());
        rows.forEach(row -> counts.add(row.columns()));
        Roster roster = new Roster(live);

        List<PlannedRow> fromCounts = new PlacementPlanner(roster, 3)
                .plan(cases, Load.of(roster, 3, counts).without(hit), NEXT);

        assertThat(fromCounts).hasSameSizeAs(hit).isEqualTo(new PlacementPlanner(roster, 3).plan(cases, others, NEXT));
    }

    @Test
    void a1LeavesARowWithoutAnyLiveHolderAsItIs() {
        Row row = row(0, 1, 2);

        assertThat(plan(caseOf(row, Map.of()), candidates(6).subList(3, 6))).isEmpty();
    }

    @Test
    void a2ListsTheLastHolderOfClassOneAsWaiting() {
        Row row = row(0, 1, 2);
        Row after = plan(caseOf(row, holders(row, 1, 2)), candidates(4).subList(1, 4))
                .get(0);

        assertThat(storesOf(after))
                .containsExactly(ref(3, 1).store(), ref(1, 1).store(), ref(2, 1).store());
        assertThat(after.waiting()).containsExactly(new Waiting(ref(0, 1).store(), FLOOR, new ClassSet(0b001)));
        assertThat(after.columns().at(0)).isEqualTo(new Member(ref(3, 1), ClassSet.EMPTY));
    }

    @Test
    void a3TakesAWaitingHolderBackIntoAColumnOfItsClass() {
        Waiting away = new Waiting(ref(0, 1).store(), FLOOR, new ClassSet(0b001));
        Row frozen = new Row(
                7,
                NEXT,
                Columns.of(
                        new Member(ref(3, 1), new ClassSet(0b110)),
                        new Member(ref(1, 1), new ClassSet(0b110)),
                        new Member(ref(2, 1), new ClassSet(0b100))),
                List.of(away));
        Map<StoreId, Copy> copies = new HashMap<>(holders(frozen, 1, 2, 3));
        copies.put(ref(0, 2).store(), new Copy(new ClassSet(0b001), true, false));
        RowVersion version = RowVersion.of(new Epoch(1), 7);
        RowCase row = new RowCase(frozen, NEXT, copies, Set.of(), 0, false);
        List<Candidate> live = new ArrayList<>(candidates(4));
        live.set(0, new Candidate(ref(0, 2), "server0", "/default", 1 << 30));
        Row after = new PlacementPlanner(new Roster(live), 3)
                .plan(List.of(row), List.of(), version)
                .get(0)
                .row();

        assertThat(after.columns().at(0)).isEqualTo(new Member(ref(0, 2), new ClassSet(0b001)));
        assertThat(after.waiting()).containsExactly(away);
    }

    // P7: what only the copy of column 0 has would be lost with it.
    @Test
    void a8NobodyWhoseCopyIsBeingMergedMakesRoomForAReturnedHolder() {
        Row frozen = new Row(
                7,
                NEXT,
                Columns.of(
                        new Member(ref(3, 1), new ClassSet(0b110)),
                        new Member(ref(1, 1), new ClassSet(0b110)),
                        new Member(ref(2, 1), new ClassSet(0b100))),
                List.of(new Waiting(ref(0, 1).store(), FLOOR, new ClassSet(0b001))));
        Map<StoreId, Copy> copies = new HashMap<>();
        holders(frozen, 1, 2, 3).forEach((store, copy) -> copies.put(store, copy.uncleanWithout(ClassSet.EMPTY)));
        copies.put(ref(0, 1).store(), new Copy(new ClassSet(0b001), true, false));
        RowCase row = new RowCase(frozen, NEXT, copies, Set.of(), 0, false);

        assertThat(new PlacementPlanner(new Roster(candidates(4)), 3)
                        .plan(List.of(row), List.of(), RowVersion.of(new Epoch(1), 7)))
                .isEmpty();
    }

    @Test
    void a8SeatsEveryStoreWhoseCopyHasToBeMerged() {
        Waiting first = new Waiting(ref(1, 1).store(), FLOOR, new ClassSet(0b110));
        Waiting second = new Waiting(ref(2, 1).store(), FLOOR, new ClassSet(0b110));
        Row frozen = new Row(
                7,
                NEXT,
                Columns.of(new Member(ref(3, 1), ClassSet.EMPTY), new Member(ref(0, 1), ClassSet.EMPTY), null),
                List.of(first, second));
        Copy cut = new Copy(new ClassSet(0b110), true, true);
        RowCase row = new RowCase(
                frozen, NEXT, Map.of(ref(1, 1).store(), cut, ref(2, 1).store(), cut), Set.of(), 0, false);

        Row after = new PlacementPlanner(new Roster(candidates(4)), 3)
                .plan(List.of(row), List.of(), RowVersion.of(new Epoch(1), 7))
                .get(0)
                .row();

        assertThat(List.of(0, 1))
                .allSatisfy(column -> assertThat(after.columns().at(column))
                        .isIn(new Member(ref(1, 1), new ClassSet(0b110)), new Member(ref(2, 1), new ClassSet(0b110))));
    }

    @Test
    void readmitsARestartedStoreByANewVersion() {
        Row row = row(0, 1, 2);
        List<Candidate> live = new ArrayList<>(candidates(3));
        live.set(1, new Candidate(ref(1, 2), "server1", "/default", 1 << 30));
        Row after = plan(caseOf(row, holders(row, 0, 1, 2)), live).get(0);

        assertThat(after.version()).isEqualTo(NEXT);
        assertThat(after.columns().at(1)).isEqualTo(new Member(ref(1, 2), new ClassSet(0b110)));
    }

    @Test
    void a12LeavesAColumnVacantRatherThanStopWrites() {
        Row row = row(0, 1, 2);
        Row after = plan(caseOf(row, holders(row, 0, 1)), candidates(2)).get(0);

        assertThat(after.columns().at(2)).isNull();
        assertThat(after.waiting()).isEmpty();
    }

    @Test
    void leavesTheColumnOfAnAnnouncedRestartVacant() {
        Row row = row(0, 1, 2);
        RowCase away = new RowCase(row, FLOOR, holders(row, 0, 1), Set.of(), 1, false);

        assertThat(plan(
                                away,
                                List.of(
                                        candidates(4).get(0),
                                        candidates(4).get(1),
                                        candidates(4).get(3)))
                        .get(0)
                        .columns()
                        .at(2))
                .isNull();
    }

    @Test
    void fillsVacantColumnsWhenStoresJoin() {
        List<Row> before = published(firstPlacement(512, 3, 2));
        List<Row> after = replan(before, candidates(4), Set.of());

        assertThat(after).allSatisfy(row -> assertThat(storesOf(row)).hasSize(3));
    }

    @Test
    void plansNothingForARowThatIsAsItShouldBe() {
        Row row = row(0, 1, 2);

        assertThat(plan(caseOf(row, holders(row, 0, 1, 2)), candidates(5))).isEmpty();
    }

    @Test
    void boundsTheScatterWidthOfALargeCluster() {
        List<Row> rows = firstPlacement(1 << 16, 3, 3_000);
        Map<StoreId, Set<StoreId>> partners = new HashMap<>();
        for (Row row : rows) {
            for (StoreId store : storesOf(row)) {
                partners.computeIfAbsent(store, unused -> new HashSet<>()).addAll(storesOf(row));
            }
        }
        assertThat(partners.values()).allSatisfy(set -> assertThat(set).hasSizeLessThanOrEqualTo(2 * SeatPicker.SPAN));
        assertEven(columnsOf(rows), 3_000, 3 << 16, 4);
    }

    @Test
    void givesStoresThatJoinTheirShare() {
        List<Row> rows = new ArrayList<>(published(firstPlacement(1024, 3, 3)));
        List<Row> moved = new GrowthPlanner(new Roster(candidates(4)), 3)
                .plan(rows, (row, store) -> false, Integer.MAX_VALUE, NEXT);
        for (Row row : moved) {
            Row before = rows.set(row.index(), row);
            assertThat(row.columns().at(0)).isEqualTo(before.columns().at(0));
            assertThat(storesOf(row)).doesNotHaveDuplicates();
        }
        assertThat(columnsOf(rows).get(ref(3, 1).store())).isBetween(720, 768);
        assertThat(new GrowthPlanner(new Roster(candidates(4)), 3)
                        .plan(rows, (row, store) -> false, Integer.MAX_VALUE, NEXT))
                .isEmpty();
    }

    @Test
    void movesMembersApartOnceADomainIsBackThatWasAway() {
        List<Candidate> all = inDomains(6, 3);
        List<Row> placed = published(place(unassigned(512, 3), all));
        assertThat(placed).noneMatch(row -> sharesADomain(row, all));
        List<Candidate> live =
                all.stream().filter(store -> !store.domain().equals("/rack1")).toList();
        List<Row> rows = new ArrayList<>(inSync(replan(placed, live, Set.of())));
        assertThat(rows).allMatch(row -> sharesADomain(row, all));

        int rounds = 0;
        List<Row> moved;
        do {
            moved = new GrowthPlanner(new Roster(all), 3).plan(rows, (row, store) -> row.index() % 3 == 0, 16, NEXT);
            assertThat(moved).hasSizeLessThanOrEqualTo(16);
            for (Row row : moved) {
                assertThat(row.columns().at(0))
                        .isEqualTo(rows.get(row.index()).columns().at(0));
                assertThat(storesOf(row)).doesNotHaveDuplicates();
            }
            inSync(moved).forEach(row -> rows.set(row.index(), row));
            assertThat(++rounds).isLessThan(100);
        } while (!moved.isEmpty());

        assertThat(rows).noneMatch(row -> sharesADomain(row, all));
        assertThat(columnsOf(rows).values())
                .allSatisfy(count -> assertThat(count).isBetween(230, 282));
    }

    @Test
    void movesNothingWhereThereIsNoDomainWithRoom() {
        List<Candidate> two = inDomains(6, 2);
        List<Row> rows = published(place(unassigned(512, 3), two));

        assertThat(new GrowthPlanner(new Roster(two), 3).plan(rows, (row, store) -> true, 16, NEXT))
                .isEmpty();
    }

    private static List<Candidate> inDomains(int stores, int domains) {
        return IntStream.range(0, stores)
                .mapToObj(i -> new Candidate(ref(i, 1), "server" + i, "/rack" + i % domains, 1L << 30))
                .toList();
    }

    private static boolean sharesADomain(Row row, List<Candidate> all) {
        Map<StoreId, String> domains =
                all.stream().collect(Collectors.toMap(store -> store.ref().store(), Candidate::domain));
        return storesOf(row).stream().map(domains::get).distinct().count() < 3;
    }

    /** The rows once everything was fetched, and nobody is waited for. */
    private static List<Row> inSync(List<Row> rows) {
        return rows.stream()
                .map(row -> {
                    Columns columns = row.columns();
                    for (int column = 0; column < columns.count(); column++) {
                        Member member = Objects.requireNonNull(columns.at(column));
                        columns = columns.with(
                                column, new Member(member.ref(), ClassSet.ofColumn(column, columns.count())));
                    }
                    return new Row(row.index(), FLOOR, columns, List.of());
                })
                .toList();
    }

    private static List<Row> firstPlacement(int rows, int columns, int stores) {
        return place(unassigned(rows, columns), candidates(stores));
    }

    private static List<RowCase> unassigned(int rows, int columns) {
        return IntStream.range(0, rows)
                .mapToObj(index -> RowCase.unassigned(index, columns))
                .toList();
    }

    private static List<Row> place(List<RowCase> rows, List<Candidate> stores) {
        return memberships(new PlacementPlanner(new Roster(stores), 3).plan(rows, List.of(), NEXT));
    }

    private static List<Row> plan(RowCase row, List<Candidate> live) {
        return memberships(new PlacementPlanner(new Roster(live), 3).plan(List.of(row), List.of(), NEXT));
    }

    private static List<Row> memberships(List<PlannedRow> planned) {
        return planned.stream().map(PlannedRow::row).toList();
    }

    private static List<Row> published(List<Row> rows) {
        return rows.stream()
                .map(row -> new Row(row.index(), FLOOR, row.columns(), row.waiting()))
                .toList();
    }

    /** All rows after a plan for those of stores that are gone. */
    private static List<Row> replan(List<Row> rows, List<Candidate> live, Set<StoreId> barred) {
        List<RowCase> cases = new ArrayList<>();
        for (Row row : rows) {
            Map<StoreId, Copy> copies = new HashMap<>();
            for (Candidate store : live) {
                row.member(store.ref().store())
                        .ifPresent(member -> copies.put(store.ref().store(), Copy.of(member.held())));
            }
            cases.add(new RowCase(row, row.version(), copies, barred, 0, false));
        }
        List<Row> all = new ArrayList<>(rows);
        new PlacementPlanner(new Roster(live), 3)
                .plan(cases, List.of(), NEXT)
                .forEach(planned -> all.set(planned.row().index(), planned.row()));
        return all;
    }

    private static RowCase caseOf(Row row, Map<StoreId, Copy> copies) {
        return new RowCase(row, row.version(), copies, Set.of(), 0, false);
    }

    private static Map<StoreId, Copy> holders(Row row, int... stores) {
        Map<StoreId, Copy> copies = new HashMap<>();
        for (int store : stores) {
            StoreId id = ref(store, 1).store();
            copies.put(id, Copy.of(row.member(id).orElseThrow().held()));
        }
        return copies;
    }

    private static Row row(int... stores) {
        @Nullable Member[] members = new @Nullable Member[stores.length];
        for (int column = 0; column < stores.length; column++) {
            members[column] = new Member(ref(stores[column], 1), ClassSet.ofColumn(column, stores.length));
        }
        return new Row(7, FLOOR, Columns.of(members), List.of());
    }

    private static List<Candidate> candidates(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Candidate(ref(i, 1), "server" + i, "/default", 1L << 30))
                .toList();
    }

    private static StoreRef ref(int number, long incarnation) {
        return new StoreRef(new StoreId(new UUID(0, number)), new Incarnation(incarnation));
    }

    private static List<StoreId> storesOf(Row row) {
        return IntStream.range(0, row.columns().count())
                .mapToObj(row.columns()::at)
                .filter(Objects::nonNull)
                .map(member -> member.ref().store())
                .toList();
    }

    private static Map<StoreId, Integer> columnsOf(List<Row> rows, int... which) {
        Map<StoreId, Integer> columns = new HashMap<>();
        for (Row row : rows) {
            for (int column = 0; column < row.columns().count(); column++) {
                int place = column;
                @Nullable Member member = row.columns().at(column);
                if (member != null && (which.length == 0 || Arrays.stream(which).anyMatch(one -> one == place))) {
                    columns.merge(member.ref().store(), 1, Integer::sum);
                }
            }
        }
        return columns;
    }

    private static void assertEven(Map<StoreId, Integer> columns, int stores, int inAll, int slack) {
        assertThat(columns).hasSize(stores);
        assertThat(columns.values())
                .allSatisfy(count ->
                        assertThat(count).isBetween(inAll / stores - slack, (inAll + stores - 1) / stores + slack));
    }
}
