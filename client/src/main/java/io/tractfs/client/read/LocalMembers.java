package io.tractfs.client.read;

import io.tractfs.client.local.LocalStores;
import io.tractfs.client.local.LocalTract.Place;
import io.tractfs.client.read.MemberChoice.Candidate;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.id.Incarnation;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.wire.proto.LocateTractRequest;
import io.tractfs.wire.proto.LocateTractResponse;
import io.tractfs.wire.proto.ReportDamageRequest;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the holder of a tract that is on this host, and asks it. Thread-safe. */
final class LocalMembers implements LocalStores {
    private final TableCache table;
    private final MemberChoice choice;
    private final StoreCalls stores;

    LocalMembers(TableCache table, MemberChoice choice, StoreCalls stores) {
        this.table = table;
        this.choice = choice;
        this.stores = stores;
    }

    @Override
    public CompletableFuture<Optional<Place>> locate(TractId tract, int replication) {
        TableImage image = table.current().orElse(null);
        Candidate here = image == null ? null : here(image, tract, replication);
        if (image == null || here == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        LocateTractRequest request = LocateTractRequest.newBuilder()
                .setAddress(address(image, here, tract))
                .build();
        return stores.call(here.store(), Methods.LOCATE_TRACT, request).handle(LocalMembers::placeOf);
    }

    /** Another member is asked through the network if this one is gone or has not got the tract, so no error matters. */
    private static Optional<Place> placeOf(@Nullable Reply<LocateTractResponse> reply, @Nullable Throwable failure) {
        if (reply == null) {
            return Optional.empty();
        }
        LocateTractResponse message = reply.message();
        reply.close();
        boolean possible =
                message.getDataPosition() >= 0 && message.getChecksumsPosition() >= 0 && message.getLength() > 0;
        if (message.getPath().isEmpty() || !possible) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Place(
                    Path.of(message.getPath()),
                    message.getDataPosition(),
                    message.getChecksumsPosition(),
                    message.getLength(),
                    message.getTailChecksum()));
        } catch (InvalidPathException e) {
            // Names that this machine cannot have are of no use here.
            return Optional.empty();
        }
    }

    @Override
    public void reportDamage(TractId tract, int replication, int offset) {
        TableImage image = table.current().orElse(null);
        Candidate here = image == null ? null : here(image, tract, replication);
        if (image == null || here == null) {
            return;
        }
        ReportDamageRequest report = ReportDamageRequest.newBuilder()
                .setAddress(address(image, here, tract))
                .setOffset(offset)
                .build();
        CompletableFuture<Void> unused = stores.call(here.store(), Methods.REPORT_DAMAGE, report)
                .handle((reply, failure) -> {
                    if (reply != null) {
                        reply.close();
                    }
                    return null;
                });
    }

    private @Nullable Candidate here(TableImage image, TractId tract, int replication) {
        for (Candidate candidate : choice.order(image, tract, replication)) {
            if (candidate.local() && candidate.holder() && !candidate.suspect()) {
                return candidate;
            }
        }
        return null;
    }

    private static TractAddress address(TableImage image, Candidate here, TractId tract) {
        return StoreCalls.address(
                new StoreRef(here.store().ref().store(), Incarnation.NONE),
                tract,
                image.rowOf(tract).index(),
                image.rowOf(tract).version());
    }
}
