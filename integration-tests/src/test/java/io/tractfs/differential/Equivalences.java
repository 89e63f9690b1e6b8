package io.tractfs.differential;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Map;
import org.apache.hadoop.ipc.RemoteException;

/**
 * What is taken as the same exception though the classes differ, each with its reason; all others have to be of one
 * class. Immutable.
 */
final class Equivalences {
    private static final String HDFS = "org.apache.hadoop.hdfs.protocol.";

    /** Class name to the name under which it is compared. */
    private static final Map<String, String> SAME = Map.ofEntries(
            // The classes of HDFS are in its own jars, which a client of TractFS does not have.
            Map.entry(HDFS + "AlreadyBeingCreatedException", "a file is being written"),
            Map.entry(HDFS + "RecoveryInProgressException", "a file is being written"),
            Map.entry("io.tractfs.hadoop.FileBeingWrittenException", "a file is being written"),
            // Sub-classes in HDFS's jars of one in Hadoop's.
            Map.entry(HDFS + "FSLimitException$PathComponentTooLongException", "a limit is exceeded"),
            Map.entry(HDFS + "FSLimitException$MaxDirectoryItemsExceededException", "a limit is exceeded"),
            Map.entry("org.apache.hadoop.fs.ClusterStorageCapacityExceededException", "a limit is exceeded"),
            // There are no snapshots, so what is in them does not exist.
            Map.entry(HDFS + "SnapshotException", FileNotFoundException.class.getName()),
            // Both others are sub-classes of the last: one also names a path, one is not of the packages that the
            // adapter may touch.
            Map.entry("org.apache.hadoop.HadoopIllegalArgumentException", "illegal argument"),
            Map.entry("org.apache.hadoop.fs.InvalidPathException", "illegal argument"),
            Map.entry("java.lang.IllegalArgumentException", "illegal argument"));

    private Equivalences() {}

    /**
     * What a server threw counts, whether the client knew the class or not; but what is not an {@code IOException} there
     * reaches callers as one.
     */
    private static String nameOf(RemoteException remote) {
        return remote.getClassName().endsWith("IllegalArgumentException")
                ? IOException.class.getName()
                : remote.getClassName();
    }

    /** The name under which an exception is compared. */
    static String nameOf(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof UndeclaredThrowableException || inner instanceof InvocationTargetException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        String name = inner instanceof RemoteException remote
                ? nameOf(remote)
                : inner.getClass().getName();
        return SAME.getOrDefault(name, name);
    }
}
