package io.tractfs.metadata.server;

import io.tractfs.wire.rpc.RpcServer;

/** Registers every method of the namespace and of the garbage log: 1 to 24, 153 and 154. Immutable. */
public final class NamespaceHandlers {
    private NamespaceHandlers() {}

    /** Registers the methods. */
    public static RpcServer.Builder register(RpcServer.Builder builder, NamespaceServices services) {
        SafeMode safeMode = new SafeMode();
        new WriteHandlers(services, safeMode).register(builder);
        new SafeModeHandler(services, safeMode).register(builder);
        new ReadHandlers(services).register(builder);
        new LeaseHandlers(services).register(builder);
        new GarbageHandlers(services).register(builder);
        return builder;
    }
}
