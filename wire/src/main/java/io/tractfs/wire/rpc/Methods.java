package io.tractfs.wire.rpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.tractfs.wire.proto.*;
import io.tractfs.wire.proto.AllowDeletesRequest;
import io.tractfs.wire.proto.AllowDeletesResponse;
import io.tractfs.wire.proto.DrainRequest;
import io.tractfs.wire.proto.DrainResponse;
import io.tractfs.wire.proto.ReplicateTractRequest;
import io.tractfs.wire.proto.ReplicateTractResponse;

/**
 * Every method of the protocol. Numbers are wire contract and are never reused: 1–99 namespace, 100–149 table, 150–199
 * tract server to metadata server, 200–249 metadata server to tract server, 300–349 tracts, 400–449 administration.
 */
public final class Methods {
    // Namespace, client to metadata server.
    public static final Method<GetStatusRequest, StatusResponse> GET_STATUS =
            method(1, "getStatus", GetStatusRequest.parser(), StatusResponse.parser());
    public static final Method<ListRequest, ListResponse> LIST =
            method(2, "list", ListRequest.parser(), ListResponse.parser());
    public static final Method<CreateRequest, OpenForWriteResponse> CREATE =
            method(3, "create", CreateRequest.parser(), OpenForWriteResponse.parser());
    public static final Method<AppendRequest, OpenForWriteResponse> APPEND =
            method(4, "append", AppendRequest.parser(), OpenForWriteResponse.parser());
    public static final Method<AddSegmentRequest, OpenForWriteResponse> ADD_SEGMENT =
            method(5, "addSegment", AddSegmentRequest.parser(), OpenForWriteResponse.parser());
    public static final Method<CompleteRequest, StatusResponse> COMPLETE =
            method(6, "complete", CompleteRequest.parser(), StatusResponse.parser());
    public static final Method<AbandonRequest, EmptyResponse> ABANDON =
            method(7, "abandon", AbandonRequest.parser(), EmptyResponse.parser());
    public static final Method<RenameRequest, BoolResponse> RENAME =
            method(8, "rename", RenameRequest.parser(), BoolResponse.parser());
    public static final Method<DeleteRequest, BoolResponse> DELETE =
            method(9, "delete", DeleteRequest.parser(), BoolResponse.parser());
    public static final Method<MkdirsRequest, BoolResponse> MKDIRS =
            method(10, "mkdirs", MkdirsRequest.parser(), BoolResponse.parser());
    public static final Method<SetPermissionRequest, EmptyResponse> SET_PERMISSION =
            method(11, "setPermission", SetPermissionRequest.parser(), EmptyResponse.parser());
    public static final Method<SetOwnerRequest, EmptyResponse> SET_OWNER =
            method(12, "setOwner", SetOwnerRequest.parser(), EmptyResponse.parser());
    public static final Method<SetTimesRequest, EmptyResponse> SET_TIMES =
            method(13, "setTimes", SetTimesRequest.parser(), EmptyResponse.parser());
    public static final Method<SetReplicationRequest, BoolResponse> SET_REPLICATION =
            method(14, "setReplication", SetReplicationRequest.parser(), BoolResponse.parser());
    public static final Method<TruncateRequest, BoolResponse> TRUNCATE =
            method(15, "truncate", TruncateRequest.parser(), BoolResponse.parser());
    public static final Method<RecoverLeaseRequest, BoolResponse> RECOVER_LEASE =
            method(16, "recoverLease", RecoverLeaseRequest.parser(), BoolResponse.parser());
    public static final Method<RenewLeaseRequest, RenewLeaseResponse> RENEW_LEASE =
            method(17, "renewLease", RenewLeaseRequest.parser(), RenewLeaseResponse.parser());
    public static final Method<ContentSummaryRequest, ContentSummaryResponse> CONTENT_SUMMARY =
            method(18, "contentSummary", ContentSummaryRequest.parser(), ContentSummaryResponse.parser());
    public static final Method<AccessRequest, EmptyResponse> ACCESS =
            method(19, "access", AccessRequest.parser(), EmptyResponse.parser());
    public static final Method<ServerDefaultsRequest, ServerDefaultsResponse> SERVER_DEFAULTS =
            method(20, "serverDefaults", ServerDefaultsRequest.parser(), ServerDefaultsResponse.parser());
    public static final Method<SpaceRequest, SpaceResponse> SPACE =
            method(21, "space", SpaceRequest.parser(), SpaceResponse.parser());
    public static final Method<OpenSessionRequest, OpenSessionResponse> OPEN_SESSION =
            method(22, "openSession", OpenSessionRequest.parser(), OpenSessionResponse.parser());
    public static final Method<ConcatRequest, EmptyResponse> CONCAT =
            method(23, "concat", ConcatRequest.parser(), EmptyResponse.parser());
    public static final Method<SetSafeModeRequest, BoolResponse> SET_SAFE_MODE =
            method(24, "setSafeMode", SetSafeModeRequest.parser(), BoolResponse.parser());

    // Table, client to metadata server.
    public static final Method<GetTableRequest, TableMessage> GET_TABLE =
            method(100, "getTable", GetTableRequest.parser(), TableMessage.parser());
    public static final Method<ComplainRequest, ComplainResponse> COMPLAIN =
            method(101, "complain", ComplainRequest.parser(), ComplainResponse.parser());

    // Tract server to metadata server.
    public static final Method<RegisterRequest, RegisterResponse> REGISTER =
            method(150, "register", RegisterRequest.parser(), RegisterResponse.parser());
    public static final Method<HeartbeatRequest, HeartbeatResponse> HEARTBEAT =
            method(151, "heartbeat", HeartbeatRequest.parser(), HeartbeatResponse.parser());
    public static final Method<ReportHeldRequest, ReportHeldResponse> REPORT_HELD =
            method(152, "reportHeld", ReportHeldRequest.parser(), ReportHeldResponse.parser());
    public static final Method<GetGarbageRequest, GetGarbageResponse> GET_GARBAGE =
            method(153, "getGarbage", GetGarbageRequest.parser(), GetGarbageResponse.parser());
    public static final Method<AskBlobsRequest, AskBlobsResponse> ASK_BLOBS =
            method(154, "askBlobs", AskBlobsRequest.parser(), AskBlobsResponse.parser());

    // Metadata server to tract server.
    public static final Method<GrantEpochRequest, GrantEpochResponse> GRANT_EPOCH =
            method(200, "grantEpoch", GrantEpochRequest.parser(), GrantEpochResponse.parser());
    public static final Method<ProposeRequest, ProposeResponse> PROPOSE =
            method(201, "propose", ProposeRequest.parser(), ProposeResponse.parser());
    public static final Method<PublishRequest, PublishResponse> PUBLISH =
            method(202, "publish", PublishRequest.parser(), PublishResponse.parser());
    public static final Method<ProbeRequest, ProbeResponse> PROBE =
            method(203, "probe", ProbeRequest.parser(), ProbeResponse.parser());
    public static final Method<RepairRequest, RepairResponse> REPAIR_STORE =
            method(204, "repairStore", RepairRequest.parser(), RepairResponse.parser());
    public static final Method<ReplicateTractRequest, ReplicateTractResponse> REPLICATE_TRACT =
            method(205, "replicateTract", ReplicateTractRequest.parser(), ReplicateTractResponse.parser());

    // Tracts, client or tract server to tract server.
    public static final Method<WriteTractRequest, WriteTractResponse> WRITE_TRACT =
            method(300, "writeTract", WriteTractRequest.parser(), WriteTractResponse.parser());
    public static final Method<EnsureTractRequest, EnsureTractResponse> ENSURE_TRACT =
            method(301, "ensureTract", EnsureTractRequest.parser(), EnsureTractResponse.parser());
    public static final Method<ReadTractRequest, ReadTractResponse> READ_TRACT =
            method(302, "readTract", ReadTractRequest.parser(), ReadTractResponse.parser());
    public static final Method<TailRequest, TailResponse> TAIL =
            method(303, "tail", TailRequest.parser(), TailResponse.parser());
    public static final Method<FenceTractRequest, TailResponse> FENCE_TRACT =
            method(304, "fenceTract", FenceTractRequest.parser(), TailResponse.parser());
    public static final Method<CutTractRequest, CutTractResponse> CUT_TRACT =
            method(305, "cutTract", CutTractRequest.parser(), CutTractResponse.parser());
    public static final Method<ListRowRequest, ListRowResponse> LIST_ROW =
            method(306, "listRow", ListRowRequest.parser(), ListRowResponse.parser());
    public static final Method<ReportDamageRequest, ReportDamageResponse> REPORT_DAMAGE =
            method(307, "reportDamage", ReportDamageRequest.parser(), ReportDamageResponse.parser());
    public static final Method<ChecksumTractRequest, ChecksumTractResponse> CHECKSUM_TRACT =
            method(308, "checksumTract", ChecksumTractRequest.parser(), ChecksumTractResponse.parser());
    public static final Method<ListDamageRequest, ListDamageResponse> LIST_DAMAGE =
            method(309, "listDamage", ListDamageRequest.parser(), ListDamageResponse.parser());
    public static final Method<LocateTractRequest, LocateTractResponse> LOCATE_TRACT =
            method(310, "locateTract", LocateTractRequest.parser(), LocateTractResponse.parser());
    public static final Method<InspectTractsRequest, InspectTractsResponse> INSPECT_TRACTS =
            method(311, "inspectTracts", InspectTractsRequest.parser(), InspectTractsResponse.parser());
    public static final Method<ListTractsRequest, ListTractsResponse> LIST_TRACTS =
            method(312, "listTracts", ListTractsRequest.parser(), ListTractsResponse.parser());

    // Administration, command line to metadata server.
    public static final Method<ReportRequest, ReportResponse> REPORT =
            method(400, "report", ReportRequest.parser(), ReportResponse.parser());
    public static final Method<WalkRequest, WalkResponse> WALK =
            method(401, "walk", WalkRequest.parser(), WalkResponse.parser());
    public static final Method<RowsRequest, RowsResponse> ROWS =
            method(402, "rows", RowsRequest.parser(), RowsResponse.parser());
    public static final Method<RepairRequest, RepairResponse> REPAIR =
            method(403, "repair", RepairRequest.parser(), RepairResponse.parser());
    public static final Method<RecoveryRequest, RecoveryResponse> RECOVERY =
            method(404, "recovery", RecoveryRequest.parser(), RecoveryResponse.parser());
    public static final Method<GiveUpRequest, GiveUpResponse> GIVE_UP =
            method(405, "giveUp", GiveUpRequest.parser(), GiveUpResponse.parser());
    public static final Method<DrainRequest, DrainResponse> DRAIN =
            method(406, "drain", DrainRequest.parser(), DrainResponse.parser());
    public static final Method<AllowDeletesRequest, AllowDeletesResponse> ALLOW_DELETES =
            method(407, "allowDeletes", AllowDeletesRequest.parser(), AllowDeletesResponse.parser());

    // Copies of the namespace, command line or metadata server to the metadata server that leads.
    public static final Method<OpenCheckpointRequest, OpenCheckpointResponse> OPEN_CHECKPOINT =
            method(450, "openCheckpoint", OpenCheckpointRequest.parser(), OpenCheckpointResponse.parser());
    public static final Method<ReadCheckpointRequest, ReadCheckpointResponse> READ_CHECKPOINT =
            method(451, "readCheckpoint", ReadCheckpointRequest.parser(), ReadCheckpointResponse.parser());
    public static final Method<CloseCheckpointRequest, CloseCheckpointResponse> CLOSE_CHECKPOINT =
            method(452, "closeCheckpoint", CloseCheckpointRequest.parser(), CloseCheckpointResponse.parser());

    private Methods() {}

    private static <Q extends MessageLite, R extends MessageLite> Method<Q, R> method(
            int number, String name, Parser<Q> requestParser, Parser<R> responseParser) {
        return new Method<>(number, name, requestParser, responseParser);
    }
}
