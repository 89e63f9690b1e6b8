package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RestoredFloorsTest {
    private static final int COLUMNS = 3;
    private static final ClassSet ALL = ClassSet.ofColumn(0, COLUMNS);
    private static final ClassSet SECOND = ClassSet.ofColumn(1, COLUMNS);
    private static final ClassSet THIRD = ClassSet.ofColumn(2, COLUMNS);
    private static final ClassSet NONE = ClassSet.EMPTY;

    private final RestoredFloors floors = new RestoredFloors();

    private static StoreId store(char name) {
        return new StoreId(new UUID(0, name));
    }

    private static Member member(char name, ClassSet held) {
        return new Member(new StoreRef(store(name), new Incarnation(1)), held);
    }

    private static Row row(long version, Member... members) {
        return new Row(4, new RowVersion(version), Columns.of(members), List.of());
    }

    private void claim(char name, Row row) {
        floors.add(store(name), row);
        floors.claimed(store(name));
    }

    private List<Long> floors() {
        return floors.floors(COLUMNS).stream()
                .map(ClusterCommand.RowFloor::version)
                .map(RowVersion::value)
                .toList();
    }

    @Test
    void takesTheHighestVersionThatHoldersOfAllClassesHave() {
        Row row = row(5, member('A', ALL), member('B', SECOND), member('C', THIRD));
        claim('D', row(3, member('D', ALL), member('B', SECOND), member('C', THIRD)));
        claim('A', row);
        claim('B', row);

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void passesOverAVersionThatOnlyAReplacementHas() {
        Row published = row(5, member('A', ALL), member('B', SECOND), member('C', THIRD));
        claim('A', published);
        claim('B', published);
        claim('D', row(6, member('A', ALL), member('B', SECOND), member('D', NONE)));

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void passesOverAVersionThatNoHolderOfSomeClassHas() {
        claim('A', row(5, member('A', ALL), member('B', SECOND), member('C', THIRD)));
        claim('B', row(6, member('A', ALL), member('B', SECOND), member('D', NONE)));

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void needsNoHolderOfAClassThatIsFrozen() {
        claim('D', row(3, member('D', ALL), member('B', SECOND), member('C', THIRD)));
        Row frozen = row(7, member('B', SECOND), member('C', THIRD), member('E', NONE));
        claim(
                'B',
                new Row(
                        4,
                        frozen.version(),
                        frozen.columns(),
                        List.of(new Waiting(store('A'), new RowVersion(3), ALL.minus(SECOND)))));

        assertThat(floors()).containsExactly(7L);
    }

    @Test
    void saysNothingOfARowOfWhichTooLittleIsClaimed() {
        claim('B', row(7, member('A', NONE), member('B', SECOND), member('C', THIRD)));

        assertThat(floors()).isEmpty();
    }

    // The only holder of class 1 is lost, and its verdict is spoken: writes at version 5 are on B and C, so D at 3 is
    // old.
    @Test
    void aHolderThatWillNotComeBackCountsByWhatOthersSayOfIt() {
        Row row = row(5, member('A', ALL), member('B', SECOND), member('C', THIRD));
        claim('B', row);
        claim('C', row);
        claim('D', row(3, member('D', ALL), member('B', SECOND), member('C', THIRD)));

        assertThat(floors()).containsExactly(5L);
    }

    // C never accepted version 6, so nobody was shown it: what C holds at 5 is whole.
    @Test
    void aVersionThatAMemberNeverAcceptedWasNotPublished() {
        Row published = row(5, member('A', ALL), member('D', SECOND), member('C', THIRD));
        claim('C', published);
        claim('D', published);
        claim('B', row(6, member('A', ALL), member('B', NONE), member('C', THIRD)));

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void namesTheStoresOfTheNewestMembershipThatHaveNotClaimed() {
        claim('B', row(5, member('A', ALL), member('B', SECOND), member('C', THIRD)));
        claim('D', row(3, member('E', ALL), member('B', SECOND), member('D', THIRD)));

        assertThat(floors.missing()).containsExactlyInAnyOrder(store('A'), store('C'));
    }
}
