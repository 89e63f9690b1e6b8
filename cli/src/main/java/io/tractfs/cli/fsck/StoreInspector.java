package io.tractfs.cli.fsck;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.proto.InspectTractsRequest;
import io.tractfs.wire.proto.InspectTractsResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks many stores at once about tracts, one call at a time for each store; a store that answers for a part is asked for
 * the rest. Confined to the command's thread.
 */
final class StoreInspector {
    /** Directories that a store spreads its tracts over; part of its format. */
    private static final int BUCKETS = 4096;

    private static final int TRACTS_PER_CALL = 1_024;

    private final MetadataProxy network;

    StoreInspector(MetadataProxy network) {
        this.network = network;
    }

    /** The directory of a tract. */
    static int bucket(TractId tract) {
        return RowHash.rowOf(tract, BUCKETS);
    }

    /** See {@link FsckCluster#inspect}. */
    Map<StoreId, Map<TractId, CopyAnswer>> inspect(
            ClusterTable table, Map<StoreId, List<TractId>> asked, boolean verify) {
        Map<StoreId, CompletableFuture<Map<TractId, CopyAnswer>>> calls = new HashMap<>();
        asked.forEach((store, tracts) -> calls.put(store, ask(table, store, tracts, verify)));
        Map<StoreId, Map<TractId, CopyAnswer>> answers = new HashMap<>();
        calls.forEach((store, call) -> answers.put(store, call.join()));
        return answers;
    }

    private CompletableFuture<Map<TractId, CopyAnswer>> ask(
            ClusterTable table, StoreId store, List<TractId> tracts, boolean verify) {
        Map<TractId, CopyAnswer> answers = new HashMap<>();
        Optional<StoreInfo> info = table.reachable(store);
        if (info.isEmpty()) {
            String state = table.states().getOrDefault(store, "not registered with the leader");
            tracts.forEach(tract -> answers.put(tract, CopyAnswer.silent("it is " + state)));
            return CompletableFuture.completedFuture(answers);
        }
        HostPort address = new HostPort(info.get().host(), info.get().port());
        return new Session(address, store, tracts, verify, answers).next(0);
    }

    /** The calls to one store. Its futures' threads take turns. */
    private final class Session {
        private final HostPort address;
        private final StoreId store;
        private final List<TractId> tracts;
        private final boolean verify;
        private final Map<TractId, CopyAnswer> answers;

        Session(
                HostPort address,
                StoreId store,
                List<TractId> tracts,
                boolean verify,
                Map<TractId, CopyAnswer> answers) {
            this.address = address;
            this.store = store;
            this.tracts = tracts;
            this.verify = verify;
            this.answers = answers;
        }

        CompletableFuture<Map<TractId, CopyAnswer>> next(int from) {
            if (from >= tracts.size()) {
                return CompletableFuture.completedFuture(answers);
            }
            List<TractId> some = tracts.subList(from, Math.min(tracts.size(), from + TRACTS_PER_CALL));
            InspectTractsRequest.Builder request = InspectTractsRequest.newBuilder()
                    .setRef(RemoteFsckCluster.ref(store))
                    .setVerify(verify);
            some.forEach(tract -> request.addTracts(RemoteFsckCluster.key(tract)));
            return network.callAsync(address, Methods.INSPECT_TRACTS, request.build())
                    .handle((response, failure) -> take(some, from, response, failure))
                    .thenCompose(this::next);
        }

        /** Where to go on. */
        private int take(
                List<TractId> some, int from, @Nullable InspectTractsResponse response, @Nullable Throwable failure) {
            if (response == null || response.getTractsCount() == 0) {
                String reason = failure == null ? "an empty answer" : reason(failure);
                tracts.subList(from, tracts.size()).forEach(tract -> answers.put(tract, CopyAnswer.silent(reason)));
                return tracts.size();
            }
            int answered = Math.min(some.size(), response.getTractsCount());
            for (int i = 0; i < answered; i++) {
                answers.put(some.get(i), CopyAnswer.of(response.getTracts(i)));
            }
            return from + answered;
        }

        private String reason(Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            boolean unconnected = cause instanceof TractException error && error.code() == ErrorCode.CONNECT_FAILED;
            return unconnected ? "no connection to " + address : String.valueOf(cause.getMessage());
        }
    }
}
