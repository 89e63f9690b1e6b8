package io.tractfs.differential;

import java.io.IOException;
import java.security.PrivilegedExceptionAction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.ChecksumCombineMode;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * Who does an operation: a client of its own, so a holder of leases of its own, of a user with groups, a umask and one of
 * the two kinds of checksums. Both
 * file systems know the groups from the same static mapping. Immutable.
 */
enum Actor {
    /** The user who started both. */
    SUPERUSER("", "", "022", ChecksumCombineMode.MD5MD5CRC),
    /** An ordinary user. */
    ALICE("alice", "alice,staff,team", "022", ChecksumCombineMode.COMPOSITE_CRC),
    /** The same user's second client, which hides what it makes. */
    ALICE_AGAIN("alice", "alice,staff,team", "077", ChecksumCombineMode.MD5MD5CRC),
    /** An ordinary user who shares a group with alice. */
    BOB("bob", "bob,staff", "027", ChecksumCombineMode.COMPOSITE_CRC),
    /** An ordinary user who shares no group with alice, whose new files are writable for their group. */
    DAVE("dave", "dave,guests", "002", ChecksumCombineMode.MD5MD5CRC),
    /** A member of the superusers' group. */
    CAROL("carol", "carol,supergroup", "000", ChecksumCombineMode.COMPOSITE_CRC),
    /** A client of alice's that only one run has, since it may stop renewing its leases. */
    SLEEPER("alice", "alice,staff,team", "022", ChecksumCombineMode.MD5MD5CRC);

    /** Those who are there in every run. */
    static final List<Actor> EVERYBODY = List.of(SUPERUSER, ALICE, ALICE_AGAIN, BOB, DAVE, CAROL);

    /** Hadoop's key for who is in which groups. */
    static final String GROUPS_KEY = "hadoop.user.group.static.mapping.overrides";

    /** A user who is nobody's actor: he may act for whoever is in the group staff, from anywhere. */
    static final String PROXY = "proxy";

    /** What allows him to, for both file systems. */
    static final Map<String, String> PROXY_SETTINGS =
            Map.of("hadoop.proxyuser." + PROXY + ".groups", "staff", "hadoop.proxyuser." + PROXY + ".hosts", "*");

    private final String user;
    private final String groups;
    private final String umask;
    private final ChecksumCombineMode checksums;

    Actor(String user, String groups, String umask, ChecksumCombineMode checksums) {
        this.user = user;
        this.groups = groups;
        this.umask = umask;
        this.checksums = checksums;
    }

    /** The value of {@link #GROUPS_KEY}. */
    static String groupMapping() {
        return Arrays.stream(values())
                .filter(actor -> !actor.user.isEmpty())
                .map(actor -> actor.user + "=" + actor.groups)
                .distinct()
                .collect(Collectors.joining(";"));
    }

    /** Name of the user; empty for whoever runs this. */
    Optional<String> user() {
        return user.isEmpty() ? Optional.empty() : Optional.of(user);
    }

    /** Opens a file system as this actor. */
    Session open(Configuration base) throws IOException {
        Configuration configuration = new Configuration(base);
        configuration.set("fs.permissions.umask-mode", umask);
        configuration.set("dfs.checksum.combine.mode", checksums.name());
        UserGroupInformation caller =
                user.isEmpty() ? UserGroupInformation.getCurrentUser() : UserGroupInformation.createRemoteUser(user);
        try {
            return caller.doAs((PrivilegedExceptionAction<Session>) () -> new Session(
                    FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration),
                    FileContext.getFileContext(configuration)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while opening as " + this, e);
        }
    }

    /** A client's two faces; Hadoop gives each a lease of its own. Thread-safe. */
    record Session(FileSystem files, FileContext context) {
        /** The path as this file system names it. */
        Path qualified(Path path) {
            return files.makeQualified(path);
        }
    }
}
