package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.fsck.FsckOptions;
import io.tractfs.cli.fsck.FsckRun;
import io.tractfs.error.TractException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fsck}: compares names, rows and stores. Confined to the command's thread. */
@Command(
        name = "fsck",
        description = {
            "Checks files: compares the namespace, the tract table and what the stores hold.",
            "Names every file with a missing, short, corrupt or frozen tract or too few copies, and, of / and as a "
                    + "superuser, tracts on stores that no file has."
        },
        footer = {"", "Exit status: 0 healthy, 1 problems were found, 2 wrong usage or the check could not be made."},
        mixinStandardHelpOptions = true)
final class FsckCommand implements Callable<Integer> {
    private static final int PROBLEMS = 1;
    private static final int ERROR = 2;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = "What to check; / by default.")
    private String path = "/";

    @Option(names = "--json", description = "JSON for programs; fields are only ever added.")
    private boolean json;

    @Option(names = "--verify", description = "Stores read every byte of what is checked.")
    private boolean verify;

    @Option(
            names = "--repair",
            description = "Reconciles copies that are missing, short or corrupt, and moves orphaned tracts to trash.")
    private boolean repair;

    @Option(names = "--open", description = "Names files that are being written.")
    private boolean open;

    @Override
    public Integer call() {
        try (MetadataProxy metadata = admin.connect()) {
            FsckOptions options = new FsckOptions(normalised(path), verify, repair);
            return FsckRun.run(metadata, options, json, open, System.out) ? 0 : PROBLEMS;
        } catch (CommandFailure e) {
            System.err.println("tractfs: " + e.getMessage());
        } catch (TractException e) {
            System.err.println("tractfs: fsck of " + path + " ended: " + e.code() + ": " + e.getMessage());
        }
        return ERROR;
    }

    /** Without doubled and trailing slashes, and without the URI before them. */
    static String normalised(String text) {
        int authority = text.indexOf("://");
        String absolute = text;
        if (authority >= 0) {
            int slash = text.indexOf('/', authority + 3);
            absolute = slash < 0 ? "/" : text.substring(slash);
        }
        String single = absolute.replaceAll("/+", "/");
        return single.length() > 1 && single.endsWith("/") ? single.substring(0, single.length() - 1) : single;
    }
}
