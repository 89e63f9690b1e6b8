package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.AllowDeletesRequest;
import io.tractfs.wire.rpc.Methods;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code admin metadata confirm}: a restored namespace is the right one. Confined to the command's thread. */
@Command(
        name = "confirm",
        description = {
            "Says that a restored namespace is the right one: stores move to their trash what it does not refer to, which they",
            "keep until then. Needs a superuser."
        },
        mixinStandardHelpOptions = true)
final class AdminMetadataConfirmCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Override
    public Integer call() throws CommandFailure {
        try (MetadataProxy metadata = admin.connect()) {
            boolean held = metadata.callAgain(Methods.ALLOW_DELETES, AllowDeletesRequest.getDefaultInstance())
                    .getHeld();
            System.out.println(held ? "confirmed: stores delete again" : "There was nothing to confirm");
        } catch (TractException e) {
            throw new CommandFailure("Not confirmed: " + e.code() + ": " + e.getMessage(), e);
        }
        return 0;
    }
}
