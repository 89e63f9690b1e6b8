package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Patience;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.DrainRequest;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import io.tractfs.wire.rpc.Methods;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code admin drain}: empties a tract server before it is switched off. Confined to the command's thread. */
@Command(
        name = "drain",
        description = {
            "Moves everything that a tract server or store holds to the others, while jobs run.",
            "The word is remembered over restarts until it is cancelled. With --wait it returns when the server can be",
            "switched off without loss."
        },
        mixinStandardHelpOptions = true)
final class AdminDrainCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "NAME", description = "A tract server, or a store's id or the beginning of it.")
    private String name = "";

    @Option(names = "--wait", description = "Returns when it is empty.")
    private boolean waits;

    @Option(names = "--cancel", description = "It keeps what it has, and takes its share again.")
    private boolean cancel;

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds to wait; ${DEFAULT-VALUE} by default.")
    private int timeoutS = 86_400;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        List<StoreReport> stores = AdminGiveUpCommand.named(admin.report(false), name);
        try (MetadataProxy metadata = admin.connect()) {
            for (StoreReport store : stores) {
                metadata.callAgain(
                        Methods.DRAIN,
                        DrainRequest.newBuilder()
                                .setStore(store.getInfo().getRef().getStore())
                                .setCancel(cancel)
                                .build());
            }
            if (waits && !cancel) {
                Patience.await(
                        () -> look(metadata),
                        timeoutS,
                        left -> "Not empty after " + timeoutS + " s: " + left + ". It goes on draining; admin drain "
                                + name + " --cancel ends that.");
            }
        } catch (TractException e) {
            throw new CommandFailure("Not drained: " + e.code() + ": " + e.getMessage(), e);
        }
        System.out.println(name + (cancel ? " stays." : waits ? " is empty and can be switched off." : " drains."));
        return 0;
    }

    /** What is left to be done; empty if nothing is. */
    private String look(MetadataProxy metadata) throws CommandFailure {
        try {
            ReportResponse report = metadata.report(false);
            int columns = 0;
            boolean drained = true;
            for (StoreReport store : AdminGiveUpCommand.named(report, name)) {
                if (!store.getDraining()) {
                    throw new CommandFailure(name + " does not drain any more: somebody cancelled it.");
                }
                columns += store.getColumns();
                drained &= store.getDrained();
            }
            return drained
                    ? ""
                    : name + " has " + columns + " columns left, " + report.getRowsRecovering() + " rows recover";
        } catch (TractException e) {
            return metadata.addresses() + " says " + e.code() + ": " + e.getMessage();
        }
    }
}
