package io.tractfs.wire.rpc;

import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What all connections of a server share. Immutable; what it refers to is thread-safe. */
record ServerContext(
        RpcServerConfig config,
        Clock clock,
        ByteBudget budget,
        Map<Integer, Registration<?, ?>> methods,
        Supplier<Optional<ClusterId>> clusterId,
        String software,
        HelloAcceptor acceptor) {}
