package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.admin.RecoveryText;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Patience;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.RecoveryRequest;
import io.tractfs.wire.proto.RecoveryResponse;
import io.tractfs.wire.rpc.Methods;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code admin recovery}: rows and bytes that are brought up to date, how fast, how long still. Confined to the command's thread. */
@Command(
        name = "recovery",
        description = "Tells how recovery goes: columns and bytes, rate, time left; and the last recoveries.",
        mixinStandardHelpOptions = true)
final class AdminRecoveryCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--watch", description = "Shows progress until nothing is left to recover.")
    private boolean watch;

    @Option(names = "--json", description = "JSON for programs; fields are only ever added.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (MetadataProxy metadata = admin.connect()) {
            if (watch) {
                Patience.await(() -> left(ask(metadata)), Integer.MAX_VALUE, left -> "Not recovered: " + left + ".");
            }
            RecoveryResponse response = ask(metadata);
            System.out.println(json ? RecoveryText.json(response) : RecoveryText.of(response));
        }
        return 0;
    }

    private static String left(RecoveryResponse response) {
        if (response.getColumns() + response.getPlannedRows() == 0) {
            return "";
        }
        return RecoveryText.current(response)
                .map(RecoveryText::progress)
                .orElse("planning " + response.getPlannedRows() + " rows");
    }

    private static RecoveryResponse ask(MetadataProxy metadata) throws CommandFailure {
        try {
            return metadata.callAgain(Methods.RECOVERY, RecoveryRequest.getDefaultInstance());
        } catch (TractException e) {
            throw new CommandFailure("No word about recovery: " + e.code() + ": " + e.getMessage(), e);
        }
    }
}
