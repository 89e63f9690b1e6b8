package io.tractfs.cli;

import io.tractfs.cli.admin.ReportJson;
import io.tractfs.cli.admin.ReportText;
import io.tractfs.cli.console.CommandFailure;
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

    @Override
    public Integer call() throws CommandFailure {
        ReportResponse report = admin.report(false);
        System.out.println(json ? ReportJson.report(report) : ReportText.report(report));
        return 0;
    }
}
