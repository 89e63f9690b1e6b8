package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.GiveUpRequest;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import io.tractfs.wire.rpc.Methods;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code admin give-up}: the verdict that a store will not come back. Confined to the command's thread. */
@Command(
        name = "give-up",
        description = {
            "Gives up a dead store for good: rows stop to wait for it, and what only it held is lost.",
            "See first with fsck which files that concerns. It is logged by the metadata server."
        },
        mixinStandardHelpOptions = true)
final class AdminGiveUpCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Parameters(
            paramLabel = "STORE",
            description = "A store's id or the beginning of it, or the name of a tract server for all of its stores.")
    private String name = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    public Integer call() throws CommandFailure {
        List<StoreReport> stores = named(admin.report(false), name);
        for (StoreReport store : stores) {
            System.out.println(store.getInfo().getServer() + " store " + id(store) + " is " + store.getState());
        }
        if (!yes) {
            confirm(stores.size());
        }
        try (MetadataProxy metadata = admin.connect()) {
            for (StoreReport store : stores) {
                metadata.callAgain(
                        Methods.GIVE_UP,
                        GiveUpRequest.newBuilder()
                                .setStore(store.getInfo().getRef().getStore())
                                .build());
                System.out.println("given up: store " + id(store));
            }
        } catch (TractException e) {
            throw new CommandFailure("Not given up: " + e.code() + ": " + e.getMessage(), e);
        }
        return 0;
    }

    /** The stores of a server, or the one whose id begins so. */
    static List<StoreReport> named(ReportResponse report, String name) throws CommandFailure {
        List<StoreReport> ofServer = new ArrayList<>();
        List<StoreReport> ofId = new ArrayList<>();
        for (StoreReport store : report.getStoresList()) {
            if (store.getInfo().getServer().equals(name)) {
                ofServer.add(store);
            }
            if (!name.isEmpty() && id(store).startsWith(name)) {
                ofId.add(store);
            }
        }
        List<StoreReport> found = ofServer.isEmpty() ? ofId : ofServer;
        boolean ambiguous = ofServer.isEmpty() && ofId.size() > 1;
        if (found.isEmpty() || ambiguous) {
            throw new CommandFailure((found.isEmpty() ? "No store or tract server is " : "Several stores are ") + name
                    + "; admin report lists them.");
        }
        return found;
    }

    private static String id(StoreReport store) {
        try {
            StoreId id = IdCodec.store(store.getInfo().getRef().getStore());
            return id.toString();
        } catch (TractException e) {
            return "?";
        }
    }

    private static void confirm(int count) throws CommandFailure {
        System.err.print("What only " + (count == 1 ? "this store" : "these stores")
                + " held will be lost for good. Type yes to give up: ");
        System.err.flush();
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            if (!"yes".equals(answers.readLine())) {
                throw new CommandFailure("Nothing was given up.");
            }
        } catch (IOException e) {
            throw new CommandFailure("Nothing was given up: the answer cannot be read: " + e.getMessage(), e);
        }
    }
}
