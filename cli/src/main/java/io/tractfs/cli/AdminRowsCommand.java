package io.tractfs.cli;

import io.tractfs.cli.admin.ReportJson;
import io.tractfs.cli.admin.ReportText;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReportResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code admin rows}: every row with its version and members. Confined to the command's thread. */
@Command(
        name = "rows",
        description = {
            "Prints every row of the tract table: index, version, and per column its store; '*' marks a store that",
            "is recovering, '-' a vacant column."
        },
        mixinStandardHelpOptions = true)
final class AdminRowsCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--json", description = "JSON for programs; fields are only ever added.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        ReportResponse report = admin.report(true);
        try {
            System.out.println(json ? ReportJson.rows(report) : ReportText.rows(report));
        } catch (TractException e) {
            throw new CommandFailure("The metadata server sent a row that cannot be: " + e.getMessage(), e);
        }
        return 0;
    }
}
