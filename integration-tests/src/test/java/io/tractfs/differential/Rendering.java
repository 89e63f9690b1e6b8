package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;

/** Puts answers of a file system into words that can be compared. Confined to the run's thread. */
final class Rendering {
    private final Subject subject;
    private final String root;
    private final Session asker;
    private final String superuser;
    private final StepClock clock;
    private final boolean blocksApart;

    Rendering(Subject subject, Session asker, Path root, StepClock clock, boolean blocksApart) {
        this.subject = subject;
        this.asker = asker;
        this.blocksApart = blocksApart;
        this.root = root.toUri().getPath();
        this.clock = clock;
        this.superuser = System.getProperty("user.name");
    }

    /** A path without what is particular to a file system and a run. */
    String path(Path path) {
        String text = path.toUri().getPath();
        return text.startsWith(root) ? "~" + text.substring(root.length()) : text;
    }

    /** A status, all but the hosts. */
    String status(FileStatus status) throws IOException {
        return path(status.getPath())
                + (status.isDirectory() ? " directory " : " file ")
                + (status.isSymlink() ? "link " : "")
                + String.format(Locale.ROOT, "%04o ", status.getPermission().toShort())
                + user(status.getOwner())
                + " "
                + status.getGroup()
                + " length "
                + length(status)
                + " replication "
                + status.getReplication()
                + " block "
                + status.getBlockSize()
                + " modified "
                + clock.describe(status.getModificationTime())
                + " accessed "
                + clock.describe(status.getAccessTime());
    }

    /** Who may not read an open file gets the length that the namespace knows, which is nobody's promise. */
    private String length(FileStatus status) throws IOException {
        boolean known = !subject.isOpen(status) || mayRead(status.getPath());
        return known ? Long.toString(subject.visibleLength(status)) : "not told";
    }

    private boolean mayRead(Path file) throws IOException {
        try {
            asker.files().access(file, FsAction.READ);
            return true;
        } catch (AccessControlException e) {
            return false;
        }
    }

    private String user(String name) {
        return name.equals(superuser) ? "superuser" : name;
    }

    /** A listing. */
    String listing(FileStatus[] statuses) throws IOException {
        subject.order(statuses);
        return statuses(statuses);
    }

    /** A listing. */
    String listing(RemoteIterator<FileStatus> statuses) throws IOException {
        return listing(all(statuses).toArray(FileStatus[]::new));
    }

    /** A listing with blocks. */
    String located(RemoteIterator<LocatedFileStatus> statuses) throws IOException {
        LocatedFileStatus[] listing = all(statuses).toArray(LocatedFileStatus[]::new);
        subject.order(listing);
        List<String> lines = new ArrayList<>();
        for (LocatedFileStatus status : listing) {
            lines.add(status(status) + (status.isFile() ? " " + blocks(status, status.getBlockLocations()) : ""));
        }
        return String.join("\n", lines);
    }

    private static <T> List<T> all(RemoteIterator<T> iterator) throws IOException {
        List<T> all = new ArrayList<>();
        while (iterator.hasNext()) {
            all.add(iterator.next());
        }
        return all;
    }

    /** Statuses in their order. */
    String statuses(FileStatus[] statuses) throws IOException {
        List<String> lines = new ArrayList<>();
        for (FileStatus status : statuses) {
            lines.add(status(status));
        }
        return String.join("\n", lines);
    }

    /** Blocks without their hosts; those of an open file HDFS knows in part only. */
    String blocks(FileStatus file, BlockLocation[] blocks) throws IOException {
        if (blocksApart || subject.isOpen(file)) {
            return "some blocks";
        }
        StringBuilder text = new StringBuilder("blocks");
        for (BlockLocation block : blocks) {
            text.append(' ').append(block.getOffset()).append('+').append(block.getLength());
        }
        return text.toString();
    }

    /** Number and checksum of bytes. */
    static String bytes(byte[] bytes, int count) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, count);
        return count + " bytes " + Long.toHexString(sum.getValue());
    }

    /** Everything below the directory of the run, as the superuser sees it: statuses and bytes. */
    String tree(FileSystem files, Path top) throws IOException {
        StringBuilder text = new StringBuilder();
        FileStatus status = files.getFileStatus(top);
        text.append(status(status)).append('\n');
        walk(files, status, text);
        return text.toString();
    }

    private void walk(FileSystem files, FileStatus at, StringBuilder text) throws IOException {
        FileStatus[] listing = files.listStatus(at.getPath());
        subject.order(listing);
        for (FileStatus status : listing) {
            text.append(status(status));
            if (status.isDirectory()) {
                text.append('\n');
                walk(files, status, text);
            } else {
                try (InputStream in = files.open(status.getPath())) {
                    byte[] bytes = in.readAllBytes();
                    text.append(" : ").append(bytes(bytes, bytes.length)).append('\n');
                }
            }
        }
    }
}
