package io.tractfs.hadoop;

import java.util.Locale;
import org.apache.hadoop.fs.CommonPathCapabilities;

/** What a path of this file system is capable of; what is not named here is not there. Immutable. */
final class PathCapabilities {
    private PathCapabilities() {}

    /** Whether a capability is there. */
    static boolean has(String capability) {
        return switch (capability.toLowerCase(Locale.ROOT)) {
            case CommonPathCapabilities.FS_APPEND,
                    CommonPathCapabilities.FS_CHECKSUMS,
                    CommonPathCapabilities.FS_CONCAT,
                    CommonPathCapabilities.FS_EXPERIMENTAL_BATCH_LISTING,
                    CommonPathCapabilities.FS_LIST_CORRUPT_FILE_BLOCKS,
                    CommonPathCapabilities.FS_MULTIPART_UPLOADER,
                    CommonPathCapabilities.FS_PATHHANDLES,
                    CommonPathCapabilities.FS_PERMISSIONS,
                    CommonPathCapabilities.FS_TRUNCATE,
                    CommonPathCapabilities.ABORTABLE_STREAM,
                    CommonPathCapabilities.BULK_DELETE,
                    CommonPathCapabilities.ETAGS_AVAILABLE,
                    CommonPathCapabilities.ETAGS_PRESERVED_IN_RENAME,
                    CommonPathCapabilities.LEASE_RECOVERABLE -> true;
            default -> false;
        };
    }
}
