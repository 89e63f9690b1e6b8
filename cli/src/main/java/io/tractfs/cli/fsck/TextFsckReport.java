package io.tractfs.cli.fsck;

import io.tractfs.cli.console.Progress;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;

/** For people: a line per file and kind of problem, tract by tract below it, then a summary. Not thread-safe. */
final class TextFsckReport implements FsckReport {
    private static final int MOST_TRACTS = 10;

    private final PrintStream out;
    private final Progress progress;
    private final boolean listOpen;
    private String path = "/";

    /**
     * A report.
     *
     * @param listOpen whether files that are being written are named
     */
    TextFsckReport(PrintStream out, Progress progress, boolean listOpen) {
        this.out = out;
        this.progress = progress;
        this.listOpen = listOpen;
    }

    @Override
    public void begin(FsckOptions options) {
        path = options.path();
        line("Checking " + path + (options.verify() ? ", every byte" : "") + (options.repair() ? ", with repair" : ""));
    }

    @Override
    public void file(FileFindings findings, ClusterTable table) {
        findings.counts().forEach((kind, count) -> {
            line(findings.file().path() + ": " + label(kind) + ": " + count + (count == 1 ? " tract" : " tracts")
                    + (findings.file().open() ? " (open for writing)" : ""));
            findings.of(kind).stream().limit(MOST_TRACTS).forEach(verdict -> tract(verdict, kind));
            if (count > MOST_TRACTS) {
                line("    and " + (count - MOST_TRACTS) + " more");
            }
        });
    }

    private void tract(Verdict verdict, ProblemKind kind) {
        for (Problem problem : verdict.problems()) {
            if (problem.kind() == kind) {
                line("    tract " + verdict.tract().id() + " at "
                        + verdict.tract().offset() + ", row " + verdict.row()
                        + ", " + verdict.good() + " of " + verdict.expected() + " copies good"
                        + (verdict.readable() ? "" : ", NOT READABLE") + ": " + problem.detail());
            }
        }
    }

    @Override
    public void healed(Verdict verdict, ClusterTable table) {
        for (Problem problem : verdict.problems()) {
            if (problem.repairable()) {
                line(verdict.tract().file().path() + ": " + label(problem.kind()) + ", repaired by now: tract "
                        + verdict.tract().id() + " at " + verdict.tract().offset() + ", row " + verdict.row() + ": "
                        + problem.detail());
            }
        }
    }

    @Override
    public void openFile(CheckedFile file) {
        if (listOpen) {
            line(file.path() + ": OPEN FOR WRITING: " + file.length() + " bytes so far");
        }
    }

    @Override
    public void orphans(StoreId store, String name, Collection<TractId> tracts, boolean removed) {
        for (TractId tract : tracts) {
            line("ORPHANED tract " + tract + " on " + name + ": no file has it" + (removed ? " (removed)" : ""));
        }
    }

    @Override
    public void behindEnds(StoreId store, String name, Collection<TractId> tracts, boolean removed) {
        for (TractId tract : tracts) {
            line("ORPHANED tract " + tract + " on " + name + ": behind the end of its file"
                    + (removed ? " (freed)" : ""));
        }
    }

    @Override
    public void strays(StoreId store, String name, Collection<String> paths, boolean removed) {
        for (String path : paths) {
            line("ORPHANED file " + path + " on " + name + ": it does not belong there"
                    + (removed ? " (removed)" : ""));
        }
    }

    @Override
    public void progress(String text) {
        progress.now(text);
    }

    @Override
    public void end(Summary summary, ClusterTable table) {
        progress.clear();
        line("");
        line("Status: " + summary.status());
        field("Total size", summary.bytes + " B");
        field("Total dirs", Long.toString(summary.directories));
        field("Total files", summary.files + (summary.openFiles > 0 ? " (" + summary.openFiles + " open)" : ""));
        field("Total segments", Long.toString(summary.segments));
        field(
                "Total tracts (validated)",
                summary.tracts
                        + (summary.tracts > 0 ? " (avg. tract size " + summary.bytes / summary.tracts + " B)" : ""));
        share("Sound tracts", summary.soundTracts, summary.tracts);
        share("Unreadable tracts", summary.unreadableTracts, summary.tracts);
        share("Under-replicated tracts", summary.underReplicatedTracts, summary.tracts);
        share("Frozen tracts", summary.of(ProblemKind.FROZEN), summary.tracts);
        share("Tracts with a missing copy", summary.of(ProblemKind.MISSING), summary.tracts);
        share("Tracts with a short copy", summary.of(ProblemKind.SHORT), summary.tracts);
        share("Tracts with a corrupt copy", summary.of(ProblemKind.CORRUPT), summary.tracts);
        share("Tracts with a silent store", summary.of(ProblemKind.UNREACHABLE), summary.tracts);
        field(
                "Average tract replication",
                String.format(
                        Locale.ROOT, "%.2f", summary.tracts == 0 ? 0 : (double) summary.goodCopies / summary.tracts));
        share("Missing replicas", summary.expectedCopies - summary.goodCopies, summary.expectedCopies);
        field("Files with problems", summary.filesWithProblems + ", not readable in full: " + summary.unreadableFiles);
        if (summary.healedTracts > 0) {
            field("Repaired by the stores", Long.toString(summary.healedTracts));
        }
        if (summary.repairedTracts > 0) {
            field("Repaired tracts", Long.toString(summary.repairedTracts));
        }
        stores(summary, table);
        line("");
        line("The filesystem under path '" + path + "' is " + summary.status());
    }

    private void stores(Summary summary, ClusterTable table) {
        field("Number of stores", table.stores().size() + " of " + table.names().size() + " registered");
        if (summary.storesWereCompared) {
            field(
                    "Orphaned tracts",
                    summary.orphanedTracts
                            + (summary.removedOrphans > 0 ? " (" + summary.removedOrphans + " removed)" : ""));
            if (summary.behindEnds > 0) {
                field(
                        "Tracts behind ends",
                        summary.behindEnds + (summary.freed > 0 ? " (" + summary.freed + " freed)" : ""));
            }
            if (!summary.storesNotCompared.isEmpty()) {
                field("Stores not looked through", String.join(", ", summary.storesNotCompared));
            }
            field("Surplus copies", Long.toString(summary.surplusCopies));
            if (summary.pendingGarbage > 0) {
                field("Garbage to be removed", Long.toString(summary.pendingGarbage));
            }
        } else {
            field("Orphaned tracts", "not looked for (needs / and a superuser)");
        }
    }

    private static String label(ProblemKind kind) {
        return kind.label().toUpperCase(Locale.ROOT);
    }

    private void share(String name, long part, long whole) {
        field(name, String.format(Locale.ROOT, "%d (%.1f %%)", part, whole == 0 ? 0.0 : 100.0 * part / whole));
    }

    private void field(String name, String value) {
        line(" " + name + ":\t" + value);
    }

    private void line(String text) {
        progress.clear();
        out.println(text);
    }
}
