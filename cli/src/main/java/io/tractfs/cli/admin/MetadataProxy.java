package io.tractfs.cli.admin;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.proto.ReportRequest;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.util.concurrent.ExecutionException;

/** Asks a metadata server, without retries: whoever asks says what a failure means. Confined to the command's thread. */
public final class MetadataProxy implements AutoCloseable {
    private final HostPort address;
    private final long timeoutMs;
    private final EventLoops loops = new EventLoops("cli", 1);
    private final RpcClient client;

    /** A proxy; it connects when it is first asked. */
    public MetadataProxy(HostPort address, long timeoutMs) {
        this.address = address;
        this.timeoutMs = timeoutMs;
        Identity identity = Identity.of(System.getProperty("user.name"), null, "tractfs-cli");
        this.client = new RpcClient(RpcClientConfig.defaults(), identity, loops);
    }

    /** Who is asked. */
    public HostPort address() {
        return address;
    }

    /**
     * State of the cluster.
     *
     * @param rows whether each row is wanted too
     */
    public ReportResponse report(boolean rows) throws TractException {
        ReportRequest request = ReportRequest.newBuilder().setRows(rows).build();
        try (Reply<ReportResponse> reply = client.call(
                        address, Methods.REPORT, request, Body.NONE, CallOptions.timeout(timeoutMs))
                .get()) {
            return reply.message();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TractException cause) {
                throw cause;
            }
            throw new TractException(ErrorCode.INTERNAL, "report failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TractException(ErrorCode.SHUTTING_DOWN, "interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
        loops.close();
    }
}
