package io.tractfs.cli.fsck;

import static io.tractfs.cli.fsck.InMemoryFsckCluster.STORES;
import static io.tractfs.cli.fsck.InMemoryFsckCluster.copy;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.admin.Loss;
import io.tractfs.cli.console.Progress;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Row;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FsckTest {
    private static final FsckOptions CHECK = new FsckOptions("/", false, false);
    private static final FsckOptions REPAIR = new FsckOptions("/", false, true);

    private final InMemoryFsckCluster cluster = new InMemoryFsckCluster();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private boolean run(FsckOptions options) throws TractException {
        out.reset();
        PrintStream text = new PrintStream(out, true, StandardCharsets.UTF_8);
        Progress progress = new Progress(new PrintStream(new ByteArrayOutputStream()), false);
        return new Fsck(cluster, new TextFsckReport(text, progress, true), () -> 0).run(options);
    }

    private String report() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static TractId tract(long blob, int index) {
        return new TractId(new BlobId(blob), index);
    }

    private int rowOf(TractId tract) {
        return cluster.table().rowOf(tract).index();
    }

    @Test
    void findsNothingWhereNothingIsWrongAndDoesNotPause() throws TractException {
        for (int i = 0; i < 20; i++) {
            cluster.file("/f" + i, 100 + i, 250);
        }

        assertThat(run(CHECK)).isTrue();

        assertThat(report()).contains("Status: HEALTHY", "Total files:\t20", "Total tracts (validated):\t60 ");
        assertThat(cluster.pauses).isZero();
    }

    @Test
    void printsNoHalfObjectWhereTheCheckCannotBegin() {
        Progress progress = new Progress(new PrintStream(new ByteArrayOutputStream()), false);

        new JsonFsckReport(new PrintStream(out, true, StandardCharsets.UTF_8), progress).begin(CHECK);

        assertThat(report()).isEmpty();
    }

    @Test
    void namesTheFileAndTheStoreOfEachBadCopy() throws TractException {
        cluster.file("/missing", 1, 250);
        cluster.file("/short", 2, 250);
        cluster.file("/corrupt", 3, 250);
        cluster.copies(STORES.get(0)).remove(tract(1, 0));
        cluster.copies(STORES.get(1)).put(tract(2, 1), copy(99));
        cluster.copies(STORES.get(2)).put(tract(3, 2), copy(50, new CopyAnswer.Range(0, 50)));

        assertThat(run(CHECK)).isFalse();

        assertThat(report())
                .contains(
                        "/missing: MISSING: 1 tract",
                        "no copy on tract-1/x",
                        "/short: SHORT: 1 tract",
                        "the copy on tract-2/x has 99 of 100 bytes",
                        "/corrupt: CORRUPT: 1 tract",
                        "the copy on tract-3/x is damaged from byte 0",
                        "Status: DEGRADED");
    }

    @Test
    void calmsDownWhereAFileWasDeletedCutOrReplacedMeanwhile() throws TractException {
        cluster.file("/deleted", 1, 100);
        cluster.file("/cut", 2, 100);
        cluster.file("/replaced", 3, 100);
        for (long blob = 1; blob <= 3; blob++) {
            for (int store = 0; store < 3; store++) {
                cluster.copies(STORES.get(store)).remove(tract(blob, 0));
            }
        }
        cluster.duringPauses.add(() -> {
            cluster.files.remove("/deleted");
            cluster.file("/cut", 2, 0);
            cluster.file("/replaced", 4, 100);
        });

        assertThat(run(CHECK)).as(report()).isTrue();
        assertThat(report()).doesNotContain("repaired");
    }

    @Test
    void namesWhatAStoreMendedWhileItWasLookedAt() throws TractException {
        cluster.file("/f", 1, 100);
        cluster.copies(STORES.get(0)).put(tract(1, 0), copy(100, new CopyAnswer.Range(0, 50)));
        cluster.duringPauses.add(() -> cluster.copies(STORES.get(0)).put(tract(1, 0), copy(100)));

        assertThat(run(CHECK)).isTrue();

        assertThat(report())
                .contains(
                        "/f: CORRUPT, repaired by now: tract 0000000000000001-0",
                        "the copy on tract-1/x is damaged from byte 0",
                        "Repaired by the stores:\t1",
                        "Status: HEALTHY");
    }

    @Test
    void followsAFileThatWasRenamedMeanwhile() throws TractException {
        CheckedFile file = cluster.file("/old", 1, 100);
        cluster.copies(STORES.get(0)).remove(tract(1, 0));
        cluster.duringPauses.add(() -> {
            cluster.files.remove("/old");
            cluster.files.put("/new", new CheckedFile("/new", false, 100, false, file.segments()));
        });

        assertThat(run(CHECK)).isFalse();

        assertThat(report()).contains("MISSING");
    }

    @Test
    void followsARowThatMovedMeanwhile() throws TractException {
        cluster.file("/f", 1, 100);
        TractId tract = tract(1, 0);
        cluster.copies(STORES.get(3)).put(tract, copy(100));
        cluster.copies(STORES.get(0)).remove(tract);
        Row moved = InMemoryFsckCluster.row(rowOf(tract), RowVersion.of(new Epoch(1), 2), 3, 1, 2);
        cluster.duringPauses.add(() -> cluster.rows.set(moved.index(), moved));

        assertThat(run(CHECK)).as(report()).isTrue();
    }

    @Test
    void tellsFilesOfAFrozenRowAndWhoIsWaitedFor() throws TractException {
        cluster.file("/f", 1, 100);
        cluster.freeze(rowOf(tract(1, 0)), STORES.get(1));

        assertThat(run(CHECK)).isFalse();

        assertThat(report())
                .contains("/f: MISSING", "/f: FROZEN", "it waits for tract-2/x", "NOT READABLE", "Status: CORRUPT");
    }

    @Test
    void tellsFilesAllOfWhoseHoldersAreDead() throws TractException {
        cluster.file("/f", 1, 100);
        STORES.forEach(store -> cluster.states.put(store, "DEAD"));

        assertThat(run(CHECK)).isFalse();

        assertThat(report()).contains("/f: MISSING", "it waits for tract-1/x or tract-2/x or tract-3/x");
    }

    @Test
    void callsTwoCopiesDamagedInDifferentPlacesReadable() throws TractException {
        cluster.file("/f", 1, 100);
        cluster.copies(STORES.get(0)).put(tract(1, 0), copy(100, new CopyAnswer.Range(0, 50)));
        cluster.copies(STORES.get(1)).put(tract(1, 0), copy(100, new CopyAnswer.Range(50, 100)));
        cluster.copies(STORES.get(2)).remove(tract(1, 0));

        assertThat(run(CHECK)).isFalse();

        assertThat(report()).contains("Status: DEGRADED", "0 of 3 copies good").doesNotContain("NOT READABLE");
    }

    @Test
    void looksAtFilesOfMoreTractsThanABatchHas() throws TractException {
        int tracts = 2 * NamespaceCheck.BATCH + 5;
        cluster.file("/large", 1, (long) tracts * InMemoryFsckCluster.TRACT);
        cluster.copies(STORES.get(0)).remove(tract(1, 3));
        cluster.copies(STORES.get(0)).remove(tract(1, tracts - 1));

        assertThat(run(CHECK)).isFalse();

        assertThat(report()).contains("/large: MISSING: 2 tracts", "Total tracts (validated):\t" + tracts);
        assertThat(cluster.largestInspection).isEqualTo(NamespaceCheck.BATCH);
    }

    @Test
    void tellsOrphansFromGarbageThatIsYetToBeRemoved() throws TractException {
        cluster.copies(STORES.get(3)).put(tract(9, 0), copy(10));
        cluster.garbage.add(new BlobId(9));

        assertThat(run(CHECK)).isTrue();
        assertThat(report()).contains("Garbage to be removed:\t1");

        cluster.garbage.clear();
        assertThat(run(CHECK)).isFalse();
        assertThat(report()).contains("ORPHANED tract 0000000000000009-0 on tract-4/x");
    }

    @Test
    void tellsAndFreesWhatIsBehindTheEndOfAFileWithoutCallingItWrong() throws TractException {
        cluster.file("/f", 1, 150);
        cluster.copies(STORES.get(0)).put(tract(1, 5), copy(10));
        // A fence: it holds nothing.
        cluster.copies(STORES.get(0)).put(tract(1, 6), copy(0));

        assertThat(run(CHECK)).isTrue();
        assertThat(report())
                .contains("ORPHANED tract 0000000000000001-5 on tract-1/x: behind the end", "Tracts behind ends:\t1")
                .doesNotContain("-6 on");

        assertThat(run(REPAIR)).isTrue();
        assertThat(report()).contains("(freed)", "(1 freed)");
        assertThat(run(CHECK)).isTrue();
        assertThat(report()).doesNotContain("behind");
    }

    @Test
    void asksNothingOfTheEndOfAFileThatIsWritten() throws TractException {
        cluster.file("/f", 1, 150);
        CheckedFile open = requireNonNull(cluster.files.get("/f"));
        cluster.files.put("/f", new CheckedFile("/f", false, 150, true, open.segments()));
        cluster.copies(STORES.get(0)).put(tract(1, 2), copy(10));

        assertThat(run(CHECK)).isTrue();

        assertThat(report()).doesNotContain("behind");
    }

    @Test
    void looksForOrphansOnlyInAllAndAsASuperuser() throws TractException {
        cluster.copies(STORES.get(3)).put(tract(9, 0), copy(10));
        cluster.superuser = false;

        assertThat(run(CHECK)).isTrue();

        assertThat(report()).contains("not looked for");
    }

    @Test
    void repairsWhatReconcileCanBringAndRemovesWhatNobodyNeeds() throws TractException {
        cluster.file("/f", 1, 100);
        cluster.copies(STORES.get(0)).remove(tract(1, 0));
        cluster.copies(STORES.get(3)).put(tract(9, 0), copy(10));
        cluster.strays.put(STORES.get(3), List.of("tracts/abc/junk"));
        // Three looks find it missing; only then is it repaired.
        for (int i = 0; i < 3; i++) {
            cluster.duringPauses.add(() -> {});
        }

        assertThat(run(REPAIR)).as(report()).isTrue();

        assertThat(cluster.repaired.get(STORES.get(0))).containsExactly(rowOf(tract(1, 0)));
        assertThat(report()).contains("Repaired tracts:\t1", "(2 removed)", "Status: HEALTHY");
    }

    @Test
    void tellsWhatCouldNotBeRepaired() throws TractException {
        cluster.file("/f", 1, 100);
        cluster.copies(STORES.get(0)).remove(tract(1, 0));
        cluster.repairs = false;

        assertThat(run(REPAIR)).isFalse();

        assertThat(report()).contains("/f: MISSING");
    }

    @Test
    void repairsOnlyForASuperuser() {
        cluster.file("/f", 1, 100);
        cluster.copies(STORES.get(0)).remove(tract(1, 0));
        cluster.superuser = false;

        assertThatThrownBy(() -> run(REPAIR)).isInstanceOf(TractException.class).hasMessageContaining("superuser");
    }

    @Test
    void namesTheFilesOfRowsWithoutAHolderForTheReport() throws TractException {
        cluster.file("/lost", 1, 250);
        cluster.file("/whole", 2, 100);
        TractId last = tract(1, 2);
        cluster.freeze(rowOf(last), STORES.get(1));
        boolean other = rowOf(tract(2, 0)) == rowOf(last);

        Loss loss = new LossSearch(cluster).run();

        assertThat(loss.rows()).containsExactly(rowOf(last));
        assertThat(loss.stores()).containsExactly("tract-2/x");
        assertThat(loss.firstFiles()).isEqualTo(other ? List.of("/lost", "/whole") : List.of("/lost"));
        assertThat(loss.text()).contains("NOT READABLE at present: 1 row", "/lost");
    }
}
