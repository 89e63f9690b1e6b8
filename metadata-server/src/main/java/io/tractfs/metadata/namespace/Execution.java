package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClientId;
import io.tractfs.metadata.permission.Requester;

/**
 * What the rules work with while one command is applied. Confined to the thread that applies.
 *
 * @param transaction changes of the command
 * @param requester as whom
 * @param name session and number of the call
 * @param position place of the entry in the log
 * @param timeMs logged time
 * @param limits logged limits
 * @param subject takes the attributes of what is changed
 */
record Execution(
        Transaction transaction,
        Requester requester,
        CallName name,
        LogPosition position,
        long timeMs,
        NamespaceLimits limits,
        Subject subject) {
    /** Reads, this command's changes included. */
    Tree tree() {
        return new Tree(transaction);
    }

    /** Changes inodes. */
    TreeEditor edit() {
        return new TreeEditor(transaction, timeMs);
    }

    /** Resolves paths as the requester. */
    PathAccess paths() {
        return new PathAccess(tree(), requester);
    }

    /** The numbers. */
    Counters counters() {
        return transaction.counters();
    }

    /** The layout; refused before the cluster is formatted. */
    ClusterLayout layout() throws Refusal {
        byte[] value = transaction.get(KeySpace.LAYOUT, Keys.EMPTY);
        if (value == null) {
            throw new Refusal(ErrorCode.STARTING, "The cluster is not formatted yet");
        }
        return ClusterCodec.decodeLayout(value);
    }

    /** The session, which what is opened needs. */
    ClientId session() throws Refusal {
        if (!name.hasClient()) {
            throw new Refusal(ErrorCode.INVALID_ARGUMENT, "A file is opened for writing within a client session only");
        }
        return name.client();
    }
}
