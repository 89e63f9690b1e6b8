package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Patience;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.SafeModeAction;
import io.tractfs.wire.proto.SetSafeModeRequest;
import io.tractfs.wire.rpc.Methods;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code admin safemode}: asks for safe mode, in which nothing changes, and sets it. Confined to the command's thread. */
@Command(
        name = "safemode",
        description = {
            "Tells whether changes are refused, and has them refused or allowed again.",
            "Safe mode ends with the metadata server's process. It is also told while too few stores are there."
        },
        mixinStandardHelpOptions = true)
final class AdminSafeModeCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Parameters(
            paramLabel = "ACTION",
            description =
                    "get, enter, leave, or wait: get and return when it is off. One of: ${COMPLETION-CANDIDATES}.")
    private Action action = Action.get;

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds to wait; ${DEFAULT-VALUE} by default.")
    private int timeoutS = 600;

    /** What is done; named as it is typed. */
    private enum Action {
        get,
        enter,
        leave,
        wait
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (MetadataProxy metadata = admin.connect()) {
            boolean on = switch (action) {
                case get -> ask(metadata, SafeModeAction.SAFE_MODE_GET);
                case enter -> ask(metadata, SafeModeAction.SAFE_MODE_ENTER);
                case leave -> ask(metadata, SafeModeAction.SAFE_MODE_LEAVE);
                case wait -> untilOff(metadata);
            };
            System.out.println("Safe mode is " + (on ? "ON" : "OFF"));
        }
        return 0;
    }

    private boolean untilOff(MetadataProxy metadata) throws CommandFailure, InterruptedException {
        Patience.await(
                () -> ask(metadata, SafeModeAction.SAFE_MODE_GET) ? "safe mode is on" : "",
                timeoutS,
                left -> "Not after " + timeoutS + " s: " + left + ".");
        return false;
    }

    private static boolean ask(MetadataProxy metadata, SafeModeAction action) throws CommandFailure {
        try {
            return metadata.callAgain(
                            Methods.SET_SAFE_MODE,
                            SetSafeModeRequest.newBuilder().setAction(action).build())
                    .getValue();
        } catch (TractException e) {
            throw new CommandFailure(
                    "No answer about safe mode from " + metadata.addresses() + ": " + e.code() + ": " + e.getMessage(),
                    e);
        }
    }
}
