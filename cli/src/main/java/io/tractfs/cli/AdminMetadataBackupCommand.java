package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataBackup;
import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code admin metadata backup}: a copy of the namespace in one file. Confined to the command's thread. */
@Command(
        name = "backup",
        description = {
            "Writes a copy of the namespace, as of one instant, to a file while the cluster works on, and verifies it.",
            "Needs a superuser. A file of that name is replaced once the new one is whole."
        },
        mixinStandardHelpOptions = true)
final class AdminMetadataBackupCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "FILE", description = "The file to write.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "JSON for programs; fields are only ever added.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        try (MetadataProxy metadata = admin.connect()) {
            MetadataBackup.Outcome outcome = MetadataBackup.write(metadata, file, Progress.standard());
            System.out.println(json ? outcome.json() : outcome.text());
        }
        return 0;
    }
}
