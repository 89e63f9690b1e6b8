package io.tractfs.cli;

import io.tractfs.cli.admin.Loss;
import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.admin.ReportJson;
import io.tractfs.cli.admin.ReportText;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.fsck.LossSearch;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReportResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code admin report}: servers, stores, space, rows by state. Confined to the command's thread. */
@Command(
        name = "report",
        description = "Prints the state of the cluster: leader, rows by state, stores and their space.",
        mixinStandardHelpOptions = true)
final class AdminReportCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--json", description = "JSON for programs; fields are only ever added.")
    private boolean json;

    private Loss loss() throws CommandFailure {
        try (MetadataProxy metadata = admin.connect()) {
            return LossSearch.of(metadata);
        } catch (TractException e) {
            // A report is wanted most when something is wrong; what can be said is said.
            System.err.println(
                    "tractfs: the files that cannot be read are not known: " + e.code() + ": " + e.getMessage());
            return Loss.NONE;
        }
    }

    @Override
    public Integer call() throws CommandFailure {
        ReportResponse report = admin.report(false);
        Loss loss = report.getRowsFrozen() + report.getRowsDown() > 0 ? loss() : Loss.NONE;
        System.out.println(json ? ReportJson.report(report, loss) : ReportText.report(report) + loss.text());
        return 0;
    }
}
