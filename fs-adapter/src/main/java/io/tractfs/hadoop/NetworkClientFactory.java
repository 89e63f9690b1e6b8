package io.tractfs.hadoop;

import io.tractfs.client.TractFsClient;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;

/** Clients that speak to real clusters. Thread-safe. */
final class NetworkClientFactory implements ClientFactory {
    @Override
    public TractFsClient connect(ClientTarget target) throws TractException {
        throw new TractException(ErrorCode.UNSUPPORTED, "The client library has no factory yet: " + target);
    }
}
