package io.tractfs.cli.fsck;

import io.tractfs.error.TractException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From names to stores: walks the namespace and checks each file's tracts, a batch at a time, so that memory is bounded
 * by the batch, whatever the number and the size of the files. Not thread-safe.
 */
final class NamespaceCheck {
    /** Tracts of a batch. */
    static final int BATCH = 4096;

    private final FsckCluster cluster;
    private final FreshTable table;
    private final TractCheck check;
    private final FsckReport report;
    private final FsckOptions options;
    private final Summary summary;
    private final List<CheckedTract> batch = new ArrayList<>();
    private final Map<String, FileFindings> findings = new LinkedHashMap<>();

    NamespaceCheck(
            FsckCluster cluster,
            FreshTable table,
            TractCheck check,
            FsckReport report,
            FsckOptions options,
            Summary summary) {
        this.cluster = cluster;
        this.table = table;
        this.check = check;
        this.report = report;
        this.options = options;
        this.summary = summary;
    }

    /**
     * Checks everything below the path.
     *
     * @return whether the caller is a superuser
     */
    boolean run() throws TractException {
        String after = "";
        FsckCluster.Page page;
        do {
            page = cluster.walk(options.path(), after);
            for (CheckedFile entry : page.entries()) {
                after = entry.path();
                visit(entry);
            }
            flush(true);
            progress(after);
        } while (page.more());
        return page.superuser();
    }

    private void visit(CheckedFile entry) throws TractException {
        if (entry.directory()) {
            summary.directories++;
            return;
        }
        summary.files++;
        summary.bytes += entry.length();
        if (entry.open()) {
            summary.openFiles++;
            report.openFile(entry);
        }
        findings.put(entry.path(), new FileFindings(entry));
        long segmentOffset = 0;
        for (CheckedFile.Run segment : entry.segments()) {
            summary.segments++;
            for (int index = 0; index < segment.tractCount(); index++) {
                batch.add(CheckedTract.of(entry, segment, segmentOffset, index));
                if (batch.size() >= BATCH) {
                    flush(false);
                    progress(entry.path());
                }
            }
            segmentOffset += segment.length();
        }
    }

    /**
     * Checks what was gathered.
     *
     * @param everything false if the last file has tracts that are still to come
     */
    private void flush(boolean everything) throws TractException {
        for (Verdict verdict : check.check(batch)) {
            summary.count(verdict);
            FileFindings file = findings.get(verdict.tract().file().path());
            if (file != null && !verdict.isSound()) {
                file.add(verdict);
            }
        }
        for (Verdict verdict : check.healed()) {
            summary.healedTracts++;
            report.healed(verdict, table.recent());
        }
        List<FileFindings> done = new ArrayList<>(findings.values());
        if (!everything) {
            done.remove(done.size() - 1);
        }
        batch.clear();
        for (FileFindings file : done) {
            findings.remove(file.file().path());
            if (!file.isEmpty()) {
                summary.filesWithProblems++;
                summary.unreadableFiles += file.unreadable() > 0 ? 1 : 0;
                report.file(file, table.recent());
            }
        }
    }

    private void progress(String path) throws TractException {
        long inodes = table.recent().inodes();
        long seen = summary.files + summary.directories;
        String share =
                options.path().equals("/") && inodes > 0 ? " (" + Math.min(100, seen * 100 / inodes) + " %)" : "";
        report.progress(summary.files + " files" + share + ", " + summary.tracts + " tracts, "
                + summary.filesWithProblems + " files with problems: " + path);
    }
}
