package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataBackup;
import io.tractfs.cli.console.CommandFailure;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code admin metadata verify}: reads every byte of a copy. Confined to the command's thread. */
@Command(
        name = "verify",
        description = "Reads a copy of the namespace that 'backup' wrote, checks every byte, and says what it is of.",
        mixinStandardHelpOptions = true)
final class AdminMetadataVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file to read.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "JSON for programs; fields are only ever added.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        MetadataBackup.Outcome outcome = MetadataBackup.verify(file);
        System.out.println(json ? outcome.json() : outcome.text());
        return 0;
    }
}
