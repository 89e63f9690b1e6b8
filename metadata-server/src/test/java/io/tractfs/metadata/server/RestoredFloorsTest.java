package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RestoredFloorsTest {
    private static final int COLUMNS = 3;
    private static final ClassSet ALL = ClassSet.ofColumn(0, COLUMNS);
    private static final ClassSet SECOND = ClassSet.ofColumn(1, COLUMNS);

    private final RestoredFloors floors = new RestoredFloors();

    private void claim(long version, ClassSet held, Waiting... waiting) {
        Row row = Row.unassigned(4, COLUMNS);
        floors.add(new Row(4, new RowVersion(version), row.columns(), List.of(waiting)), held);
    }

    private List<Long> floors() {
        return floors.floors(COLUMNS).stream()
                .map(ClusterCommand.RowFloor::version)
                .map(RowVersion::value)
                .toList();
    }

    @Test
    void takesTheHighestVersionThatHoldersOfAllClassesHave() {
        claim(3, ALL);
        claim(5, ALL);
        claim(5, SECOND);

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void passesOverAVersionThatOnlyAReplacementHas() {
        claim(5, ALL);
        claim(5, SECOND);
        claim(6, ClassSet.EMPTY);

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void passesOverAVersionThatNoHolderOfSomeClassHas() {
        claim(5, ALL);
        claim(6, SECOND);

        assertThat(floors()).containsExactly(5L);
    }

    @Test
    void needsNoHolderOfAClassThatIsFrozen() {
        claim(3, ALL);
        claim(7, SECOND, new Waiting(new StoreId(new UUID(1, 1)), new RowVersion(3), ALL.minus(SECOND)));

        assertThat(floors()).containsExactly(7L);
    }

    @Test
    void saysNothingOfARowOfWhichTooLittleIsClaimed() {
        claim(7, SECOND);

        assertThat(floors()).isEmpty();
    }
}
