package io.tractfs.cli.fsck;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.Progress;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import java.io.PrintStream;

/** Runs a check over the network, for the command. Stateless; thread-safe. */
public final class FsckRun {
    private FsckRun() {}

    /**
     * Checks and prints.
     *
     * @param json whether for programs
     * @param listOpen whether files that are being written are named
     * @return whether nothing is wrong
     */
    public static boolean run(
            MetadataProxy metadata, FsckOptions options, boolean json, boolean listOpen, PrintStream out)
            throws TractException {
        Progress progress = Progress.standard();
        FsckReport report = json ? new JsonFsckReport(out, progress) : new TextFsckReport(out, progress, listOpen);
        try {
            return new Fsck(new RemoteFsckCluster(metadata), report, Clock.SYSTEM::monotonicMs).run(options);
        } finally {
            progress.clear();
        }
    }
}
