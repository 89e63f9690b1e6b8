package io.tractfs.cli.fsck;

import io.tractfs.cli.admin.Json;
import io.tractfs.cli.console.Progress;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * For programs: one object, written as the check goes on; findings first, then the open files, the summary and the
 * status. Fields are only ever added. Not thread-safe.
 */
final class JsonFsckReport implements FsckReport {
    private static final int SCHEMA_VERSION = 1;
    private static final int MOST_OPEN = 10_000;

    private final PrintStream out;
    private final Progress progress;
    private final Json json = new Json();
    private final List<CheckedFile> open = new ArrayList<>();

    JsonFsckReport(PrintStream out, Progress progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Prints nothing yet: where the path turns out to be missing, half an object would help no program. */
    @Override
    public void begin(FsckOptions options) {
        json.object()
                .field("schemaVersion", SCHEMA_VERSION)
                .field("path", options.path())
                .field("verify", options.verify())
                .field("repair", options.repair())
                .array("findings");
    }

    @Override
    public void file(FileFindings findings, ClusterTable table) {
        findings.counts().forEach((kind, count) -> {
            json.object()
                    .field("kind", kind.label())
                    .field("path", findings.file().path())
                    .field("length", findings.file().length())
                    .field("open", findings.file().open())
                    .field("readable", findings.unreadable() == 0)
                    .field("tractCount", count)
                    .array("tracts");
            findings.of(kind).forEach(verdict -> tract(verdict, kind, table));
            json.endArray().endObject();
        });
        flush();
    }

    @Override
    public void healed(Verdict verdict, ClusterTable table) {
        CheckedFile file = verdict.tract().file();
        for (Problem problem : verdict.problems()) {
            if (problem.repairable()) {
                json.object()
                        .field("kind", problem.kind().label())
                        .field("path", file.path())
                        .field("length", file.length())
                        .field("open", file.open())
                        .field("readable", true)
                        .field("healed", true)
                        .field("tractCount", 1)
                        .array("tracts");
                tract(verdict, problem.kind(), table);
                json.endArray().endObject();
            }
        }
        flush();
    }

    private void tract(Verdict verdict, ProblemKind kind, ClusterTable table) {
        json.object()
                .field("tract", verdict.tract().id().toString())
                .field("offset", verdict.tract().offset())
                .field("length", verdict.tract().needed())
                .field("row", verdict.row())
                .field("goodCopies", verdict.good())
                .field("expectedCopies", verdict.expected())
                .field("readable", verdict.readable())
                .array("problems");
        for (Problem problem : verdict.problems()) {
            if (problem.kind() == kind) {
                json.object().field("detail", problem.detail()).array("stores");
                problem.stores().forEach(store -> store(store, table.name(store)));
                json.endArray().endObject();
            }
        }
        json.endArray().endObject();
    }

    private void store(StoreId store, String name) {
        json.object()
                .field("store", store.toString())
                .field("name", name)
                .field("server", name.substring(0, name.indexOf('/')))
                .endObject();
    }

    @Override
    public void openFile(CheckedFile file) {
        if (open.size() < MOST_OPEN) {
            open.add(file);
        }
    }

    @Override
    public void orphans(StoreId store, String name, Collection<TractId> tracts, boolean removed) {
        for (TractId tract : tracts) {
            json.object()
                    .field("kind", "orphaned")
                    .field("tract", tract.toString())
                    .field("removed", removed)
                    .array("stores");
            store(store, name);
            json.endArray().endObject();
            flush();
        }
    }

    @Override
    public void behindEnds(StoreId store, String name, Collection<TractId> tracts, boolean removed) {
        for (TractId tract : tracts) {
            json.object()
                    .field("kind", "orphaned")
                    .field("tract", tract.toString())
                    .field("behindEnd", true)
                    .field("removed", removed)
                    .array("stores");
            store(store, name);
            json.endArray().endObject();
            flush();
        }
    }

    @Override
    public void strays(StoreId store, String name, Collection<String> paths, boolean removed) {
        for (String path : paths) {
            json.object()
                    .field("kind", "orphaned")
                    .field("file", path)
                    .field("removed", removed)
                    .array("stores");
            store(store, name);
            json.endArray().endObject();
            flush();
        }
    }

    @Override
    public void progress(String text) {
        progress.now(text);
    }

    @Override
    public void end(Summary summary, ClusterTable table) {
        progress.clear();
        json.endArray().array("openFiles");
        for (CheckedFile file : open) {
            json.object()
                    .field("path", file.path())
                    .field("length", file.length())
                    .endObject();
        }
        json.endArray()
                .object("summary")
                .field("bytes", summary.bytes)
                .field("directories", summary.directories)
                .field("files", summary.files)
                .field("openFiles", summary.openFiles)
                .field("segments", summary.segments)
                .field("tracts", summary.tracts)
                .field("expectedCopies", summary.expectedCopies)
                .field("goodCopies", summary.goodCopies)
                .field("soundTracts", summary.soundTracts)
                .field("unreadableTracts", summary.unreadableTracts)
                .field("unreadableBytes", summary.unreadableBytes)
                .field("underReplicatedTracts", summary.underReplicatedTracts)
                .field("frozenTracts", summary.of(ProblemKind.FROZEN))
                .field("missingTracts", summary.of(ProblemKind.MISSING))
                .field("shortTracts", summary.of(ProblemKind.SHORT))
                .field("corruptTracts", summary.of(ProblemKind.CORRUPT))
                .field("unreachableTracts", summary.of(ProblemKind.UNREACHABLE))
                .field("filesWithProblems", summary.filesWithProblems)
                .field("unreadableFiles", summary.unreadableFiles)
                .field("healedTracts", summary.healedTracts)
                .field("repairedTracts", summary.repairedTracts)
                .field("storesCompared", summary.storesWereCompared)
                .field("orphanedTracts", summary.orphanedTracts)
                .field("removedOrphans", summary.removedOrphans)
                .field("tractsBehindEnds", summary.behindEnds)
                .field("freedBehindEnds", summary.freed)
                .field("surplusCopies", summary.surplusCopies)
                .field("pendingGarbage", summary.pendingGarbage)
                .field("stores", table.names().size())
                .field("registeredStores", table.stores().size())
                .array("storesNotCompared");
        summary.storesNotCompared.forEach(json::element);
        json.endArray()
                .endObject()
                .field("status", summary.status())
                .field("healthy", summary.isHealthy())
                .endObject();
        flush();
        out.println();
    }

    /** What is complete goes out, so that memory is bounded by one file's findings. */
    private void flush() {
        out.print(json.take());
        out.flush();
    }
}
