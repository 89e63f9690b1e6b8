package io.tractfs.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PresetTest {
    private static final Set<Family> ALL = EnumSet.allOf(Family.class);

    @Test
    void runsCasesThatNeedSyncAtCloseLast() {
        List<Boolean> needs = Preset.FULL.cases(ALL, Set.of(1, 3)).stream()
                .map(Case::needsSyncOnClose)
                .toList();

        assertThat(needs).isSorted().contains(true, false);
    }

    @Test
    void readsWithTheMostCopiesAloneUnlessFull() {
        assertThat(Preset.QUICK.cases(Set.of(Family.READ), Set.of(1, 3)))
                .extracting(Case::replication)
                .containsOnly(3);
        assertThat(Preset.FULL.cases(Set.of(Family.READ), Set.of(1, 3)))
                .extracting(Case::replication)
                .contains(1, 3);
    }

    @Test
    void measuresSmallFilesInBothDurabilities() {
        assertThat(Preset.QUICK.cases(Set.of(Family.CREATE_4K), Set.of(3)))
                .extracting(Case::durability)
                .containsOnly(Durability.PAGE_CACHE, Durability.DISK);
    }

    @Test
    void hasAGoalForEveryRowOfTheThreeCopies() {
        for (Case one : Preset.QUICK.cases(ALL, Set.of(3))) {
            boolean extra = one.family() == Family.CREATE_4K && one.durability() == Durability.PAGE_CACHE;
            for (Stage stage : one.family().stages()) {
                boolean many = one.family() == Family.NAMESPACE
                        && one.threads() == 32
                        && !stage.name().equals("create");
                assertThat(Goals.of(stage, one).isPresent())
                        .as("%s of %s", stage, one)
                        .isEqualTo(!extra && !many);
            }
        }
    }
}
