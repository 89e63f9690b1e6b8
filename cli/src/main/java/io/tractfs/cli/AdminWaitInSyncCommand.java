package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Patience;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReportResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code admin wait in-sync}: waits until nothing is left to recover. Confined to the command's thread. */
@Command(
        name = "in-sync",
        description = "Returns when every column that can be filled is in sync.",
        mixinStandardHelpOptions = true)
final class AdminWaitInSyncCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds to wait; ${DEFAULT-VALUE} by default.")
    private int timeoutS = 600;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (MetadataProxy metadata = admin.connect()) {
            Patience.await(
                    () -> ask(metadata), timeoutS, left -> "Not in sync after " + timeoutS + " s: " + left + ".");
        }
        return 0;
    }

    private static String ask(MetadataProxy metadata) {
        try {
            ReportResponse report = metadata.report(false);
            return report.getGranted() && report.getInSync()
                    ? ""
                    : report.getRowsInSync() + " of " + report.getRowCount() + " rows are in sync, "
                            + report.getRowsRecovering() + " recover, " + report.getRowsDown() + " are not up";
        } catch (TractException e) {
            return metadata.addresses() + " say " + e.code() + ": " + e.getMessage();
        }
    }
}
