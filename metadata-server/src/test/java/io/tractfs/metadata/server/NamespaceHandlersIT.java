package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.MessageLite;
import io.tractfs.config.Settings;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.audit.AuditLog;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.InMemoryKeyValueStore;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.raft.InMemoryCommandLog;
import io.tractfs.metadata.server.hadoop.HadoopIdentity;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.proto.AcknowledgedLength;
import io.tractfs.wire.proto.AppendRequest;
import io.tractfs.wire.proto.AskBlobsRequest;
import io.tractfs.wire.proto.CompleteRequest;
import io.tractfs.wire.proto.CreateRequest;
import io.tractfs.wire.proto.DeleteRequest;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.GetGarbageRequest;
import io.tractfs.wire.proto.GetStatusRequest;
import io.tractfs.wire.proto.ListRequest;
import io.tractfs.wire.proto.MkdirsRequest;
import io.tractfs.wire.proto.RecoverLeaseRequest;
import io.tractfs.wire.proto.RenameRequest;
import io.tractfs.wire.proto.RenewLeaseRequest;
import io.tractfs.wire.proto.RenewLeaseResponse;
import io.tractfs.wire.proto.SafeModeAction;
import io.tractfs.wire.proto.ServerDefaultsRequest;
import io.tractfs.wire.proto.SetSafeModeRequest;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import io.tractfs.wire.rpc.RpcServer;
import io.tractfs.wire.rpc.RpcServerConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handlers over a real connection, with the log in memory. */
class NamespaceHandlersIT {
    private static final ClientId FIRST = new ClientId(new UUID(0, 1));
    private static final ClientId SECOND = new ClientId(new UUID(0, 2));
    private static final long SOFT = 1000;

    /** Time that a test sets. */
    private static final class ManualClock implements Clock {
        volatile long nanos;
        volatile long wall = 5_000_000;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMs() {
            return wall;
        }
    }

    /** A gate that a test closes. */
    private static final class SwitchedGate implements WriteGate {
        volatile @Nullable TractException why;

        @Override
        public Optional<TractException> refusal() {
            return Optional.ofNullable(why);
        }

        @Override
        public Optional<TractException> refusalToShrink() {
            return Optional.ofNullable(why);
        }

        @Override
        public Optional<TractException> readRefusal() {
            return Optional.empty();
        }
    }

    private final ManualClock clock = new ManualClock();
    private final BlockingQueue<String> audited = new LinkedBlockingQueue<>();
    private final AuditLog audit = new AuditLog(true, Set.of("listStatus"), audited::add);
    private final SwitchedGate gate = new SwitchedGate();
    private final BlockingQueue<FileStatus> recoveries = new LinkedBlockingQueue<>();
    private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
    private final NamespaceState state = new NamespaceState(store);
    private final InMemoryCommandLog log = new InMemoryCommandLog(state, clock);
    private final EventLoops loops = new EventLoops("test", 1);
    private final ReadPool reads = new ReadPool(1);
    private final RpcClient client =
            new RpcClient(RpcClientConfig.defaults(), Identity.of("root", null, "test"), loops);
    private final RpcServer server = NamespaceHandlers.register(
                    RpcServer.builder()
                            .bind(new HostPort("127.0.0.1", 0))
                            .loops(loops)
                            .config(RpcServerConfig.defaults())
                            .helloAcceptor((identity, remote) -> {}),
                    services())
            .build();
    private HostPort address = new HostPort("127.0.0.1", 0);
    private long calls;

    private NamespaceServices services() {
        NamespaceReader reader = new NamespaceReader(store);
        LeaseClock leases = new LeaseClock(SOFT, 10 * SOFT);
        Requesters requesters = new Requesters(
                user -> Set.of("users"),
                new HadoopIdentity(
                        Map.of("hadoop.proxyuser.oozie.hosts", "127.0.0.1", "hadoop.proxyuser.oozie.users", "alice")),
                new Requesters.Superusers("root", "supergroup"),
                reads.executor(),
                clock,
                Long.MAX_VALUE);
        return new NamespaceServices(
                log,
                state,
                reader,
                requesters,
                gate,
                leases,
                new LeaseMonitor(leases, reader, log, (status, length) -> recoveries.add(status), clock),
                new TreeSweeper(state, log),
                reads,
                () -> new ClusterSpace.Sum(3, 2, 1),
                NamespaceConfig.read(new Settings(Map.of()).reader()),
                clock,
                new CallAudit(audit),
                new AccessTimes(log, 1000));
    }

    @BeforeEach
    void start() throws Exception {
        ClusterLayout layout = new ClusterLayout(
                new ClusterId(new UUID(1, 1)), 16, 3, new FileDefaults(1 << 20, 3, 1 << 27, 4), "supergroup");
        log.submit(Call.ofSystem(new ClusterCommand.Format(layout, "root"))).get();
        log.submit(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(2, 2)))))
                .get();
        address = server.start();
        audit.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        reads.close();
        loops.close();
        audit.close();
    }

    private void assertAudited(String... parts) throws InterruptedException {
        assertThat(audited.poll(10, TimeUnit.SECONDS))
                .isNotNull()
                .contains(parts)
                .contains("ip=/127.0.0.1\t")
                .endsWith("\tproto=rpc");
    }

    private <Q extends MessageLite, R extends MessageLite> R call(Method<Q, R> method, ClientId session, Q request)
            throws Exception {
        return call(client, method, session, request);
    }

    private <Q extends MessageLite, R extends MessageLite> R call(
            RpcClient as, Method<Q, R> method, ClientId session, Q request) throws Exception {
        try (Reply<R> reply = as.call(address, method, request, Body.NONE, CallOptions.of(session, ++calls, 20_000))
                .get(30, TimeUnit.SECONDS)) {
            return reply.message();
        }
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .cause()
                .isInstanceOfSatisfying(
                        TractException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void takesNoChangesInSafeMode() throws Exception {
        ClientId session = new ClientId(new UUID(7, 7));
        assertThat(safeMode(SafeModeAction.SAFE_MODE_GET)).isFalse();
        assertThat(safeMode(SafeModeAction.SAFE_MODE_ENTER)).isTrue();
        assertThat(safeMode(SafeModeAction.SAFE_MODE_GET)).isTrue();
        assertFails(() -> create(session, "/refused"), ErrorCode.SAFE_MODE);
        call(Methods.GET_STATUS, session, statusOf("/"));

        assertThat(safeMode(SafeModeAction.SAFE_MODE_LEAVE)).isFalse();
        create(session, "/taken");
    }

    @Test
    void tellsThatTooFewStoresAreThereAsSafeMode() throws Exception {
        gate.why = new TractException(ErrorCode.READ_ONLY, "too few stores");
        assertThat(safeMode(SafeModeAction.SAFE_MODE_GET)).isTrue();
        gate.why = new TractException(ErrorCode.STARTING, "starting");
        assertFails(() -> safeMode(SafeModeAction.SAFE_MODE_GET), ErrorCode.STARTING);
    }

    @Test
    void letsOnlySuperusersChangeSafeMode() {
        try (RpcClient other = new RpcClient(RpcClientConfig.defaults(), Identity.of("alice", null, "test"), loops)) {
            SetSafeModeRequest enter = SetSafeModeRequest.newBuilder()
                    .setAction(SafeModeAction.SAFE_MODE_ENTER)
                    .build();
            assertFails(
                    () -> other.call(address, Methods.SET_SAFE_MODE, enter, Body.NONE, CallOptions.timeout(20_000))
                            .get(30, TimeUnit.SECONDS),
                    ErrorCode.PERMISSION_DENIED);
        }
    }

    private boolean safeMode(SafeModeAction action) throws Exception {
        return call(
                        Methods.SET_SAFE_MODE,
                        new ClientId(new UUID(8, 8)),
                        SetSafeModeRequest.newBuilder().setAction(action).build())
                .getValue();
    }

    private FileStatusMessage create(ClientId session, String path) throws Exception {
        return call(
                        Methods.CREATE,
                        session,
                        CreateRequest.newBuilder()
                                .setPath(path)
                                .setPermission(0644)
                                .build())
                .getStatus();
    }

    private void close(ClientId session, FileStatusMessage file, long length) throws Exception {
        call(
                Methods.COMPLETE,
                session,
                CompleteRequest.newBuilder()
                        .setFileId(file.getFileId())
                        .setGeneration(file.getGeneration())
                        .setLastSegmentLength(length)
                        .setClose(true)
                        .build());
    }

    private static GetStatusRequest statusOf(String path) {
        return GetStatusRequest.newBuilder().setPath(path).build();
    }

    @Test
    void servesWritesAndReads() throws Exception {
        close(FIRST, create(FIRST, "/f"), 77);
        FileStatusMessage status =
                call(Methods.GET_STATUS, FIRST, statusOf("/f")).getStatus();
        assertThat(status.getLength()).isEqualTo(77);
        assertThat(status.getModificationMs()).isEqualTo(5_000_000);
        assertFails(() -> call(Methods.GET_STATUS, FIRST, statusOf("/none")), ErrorCode.NOT_FOUND);
        assertThat(call(Methods.SERVER_DEFAULTS, FIRST, ServerDefaultsRequest.getDefaultInstance())
                        .getTractSize())
                .isEqualTo(1 << 20);
    }

    @Test
    void takesAFileFromAWriterOnlyPastItsSoftLimit() throws Exception {
        FileStatusMessage file = create(FIRST, "/f");
        AppendRequest append = AppendRequest.newBuilder().setPath("/f").build();
        assertFails(() -> call(Methods.APPEND, SECOND, append), ErrorCode.LEASE_CONFLICT);
        clock.nanos = SOFT;
        assertFails(() -> call(Methods.APPEND, SECOND, append), ErrorCode.RECOVERY_IN_PROGRESS);
        FileStatus recovering = recoveries.poll(10, TimeUnit.SECONDS);
        assertThat(recovering).isNotNull();
        assertThat(state.appliedIndex()).isPositive();
        assertFails(() -> close(FIRST, file, 1), ErrorCode.GENERATION_FENCED);
    }

    @Test
    void startsTheRecoveryThatAUserAsksFor() throws Exception {
        create(FIRST, "/f");
        RecoverLeaseRequest recover =
                RecoverLeaseRequest.newBuilder().setPath("/f").build();
        assertThat(call(Methods.RECOVER_LEASE, SECOND, recover).getValue()).isFalse();
        assertThat(recoveries.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void tellsAWriterWhatItHasLost() throws Exception {
        FileStatusMessage kept = create(FIRST, "/kept");
        FileStatusMessage lost = create(FIRST, "/lost");
        call(Methods.DELETE, SECOND, DeleteRequest.newBuilder().setPath("/lost").build());
        RenewLeaseRequest renew = RenewLeaseRequest.newBuilder()
                .addFiles(AcknowledgedLength.newBuilder()
                        .setFileId(kept.getFileId())
                        .setGeneration(kept.getGeneration()))
                .addFiles(AcknowledgedLength.newBuilder()
                        .setFileId(lost.getFileId())
                        .setGeneration(lost.getGeneration()))
                .build();
        RenewLeaseResponse response = call(Methods.RENEW_LEASE, FIRST, renew);
        assertThat(response.getLostFilesList()).isEqualTo(List.of(lost.getFileId()));
    }

    @Test
    void tellsStoresWhatIsGarbageAndWhatIsAlive() throws Exception {
        FileStatusMessage kept = create(FIRST, "/kept");
        FileStatusMessage gone = create(FIRST, "/gone");
        call(Methods.DELETE, SECOND, DeleteRequest.newBuilder().setPath("/gone").build());
        long dead = gone.getSegments(0).getBlob();
        assertThat(call(Methods.GET_GARBAGE, FIRST, GetGarbageRequest.getDefaultInstance())
                        .getEntries(0)
                        .getBlob())
                .isEqualTo(dead);
        AskBlobsRequest ask = AskBlobsRequest.newBuilder()
                .addBlobs(dead)
                .addBlobs(kept.getSegments(0).getBlob())
                .build();
        assertThat(call(Methods.ASK_BLOBS, FIRST, ask).getAliveList()).containsExactly(false, true);
    }

    @Test
    void writesNothingWhileTheGateIsClosed() throws Exception {
        gate.why = new TractException(ErrorCode.READ_ONLY, "too few stores");
        assertFails(() -> create(FIRST, "/f"), ErrorCode.READ_ONLY);
        assertFails(() -> call(Methods.GET_STATUS, FIRST, statusOf("/f")), ErrorCode.NOT_FOUND);
    }

    @Test
    void writesCallsToTheAuditLog() throws Exception {
        MkdirsRequest mkdirs =
                MkdirsRequest.newBuilder().setPath("/d").setPermission(0750).build();
        DeleteRequest delete = DeleteRequest.newBuilder().setPath("/d").build();
        call(Methods.MKDIRS, FIRST, mkdirs);
        assertAudited(
                "allowed=true\tugi=root (auth:SIMPLE)\t",
                "cmd=mkdirs\tsrc=/d\tdst=null\tperm=root:supergroup:rwxr-x---");
        call(
                Methods.RENAME,
                FIRST,
                RenameRequest.newBuilder().setSource("/d").setDestination("/e").build());
        assertAudited("allowed=true", "cmd=rename\tsrc=/d\tdst=/e\tperm=root:supergroup:rwxr-x---");
        call(Methods.DELETE, FIRST, delete);
        assertAudited("allowed=false", "cmd=delete\tsrc=/d\tdst=null\tperm=null");
        assertFails(() -> call(Methods.GET_STATUS, FIRST, statusOf("/d")), ErrorCode.NOT_FOUND);
        assertAudited("allowed=true", "cmd=getfileinfo\tsrc=/d\tdst=null\tperm=null");
        call(Methods.LIST, FIRST, ListRequest.newBuilder().setPath("/").build());
        create(FIRST, "/f");
        assertAudited("allowed=true", "cmd=create\tsrc=/f\tdst=null\tperm=root:supergroup:rw-r--r--");
        assertThat(audited).isEmpty();
    }

    @Test
    void actsForAnotherUserWhereTheServerAllowsIt() throws Exception {
        MkdirsRequest mkdirs = MkdirsRequest.newBuilder()
                .setPath("/tmp/d")
                .setPermission(0700)
                .setCreateParent(true)
                .build();
        try (RpcClient oozie =
                new RpcClient(RpcClientConfig.defaults(), new Identity("alice", "oozie", null, "test"), loops)) {
            call(oozie, Methods.MKDIRS, SECOND, mkdirs);
            assertAudited(
                    "allowed=true\tugi=alice (auth:PROXY) via oozie (auth:SIMPLE)\t",
                    "perm=alice:supergroup:rwx------");
            DeleteRequest delete = DeleteRequest.newBuilder().setPath("/user").build();
            assertFails(() -> call(oozie, Methods.DELETE, SECOND, delete), ErrorCode.PERMISSION_DENIED);
            assertAudited("allowed=false\tugi=alice (auth:PROXY) via oozie", "cmd=delete\tsrc=/user");
        }
        try (RpcClient oozie =
                new RpcClient(RpcClientConfig.defaults(), new Identity("bob", "oozie", null, "test"), loops)) {
            assertFails(() -> call(oozie, Methods.MKDIRS, SECOND, mkdirs), ErrorCode.AUTHENTICATION_FAILED);
        }
        assertThat(call(Methods.GET_STATUS, FIRST, statusOf("/tmp/d"))
                        .getStatus()
                        .getOwner())
                .isEqualTo("alice");
    }

    @Test
    void setsTheAccessTimeOfAFileThatIsOpenedForReading() throws Exception {
        close(FIRST, create(FIRST, "/f"), 1);
        GetStatusRequest open =
                GetStatusRequest.newBuilder().setPath("/f").setOpen(true).build();
        call(Methods.GET_STATUS, FIRST, open);
        assertThat(call(Methods.GET_STATUS, FIRST, statusOf("/f")).getStatus().getAccessMs())
                .isEqualTo(5_000_000);
        clock.wall = 5_001_001;
        call(Methods.GET_STATUS, FIRST, statusOf("/f"));
        assertThat(call(Methods.GET_STATUS, FIRST, open).getStatus().getAccessMs())
                .isEqualTo(5_000_000);
        assertThat(call(Methods.GET_STATUS, FIRST, statusOf("/f")).getStatus().getAccessMs())
                .isEqualTo(5_001_001);
    }
}
