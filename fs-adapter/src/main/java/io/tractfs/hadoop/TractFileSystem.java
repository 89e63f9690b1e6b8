package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import io.tractfs.client.RenameStyle;
import io.tractfs.client.TractFsClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BatchListingOperations;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.HandleOpt;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.PartialListing;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.PathHandle;
import org.apache.hadoop.fs.QuotaUsage;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.SafeMode;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.apache.hadoop.fs.impl.PathCapabilitiesSupport;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * TractFS as Hadoop's file system: {@code tract://host[:7610]}, or {@code tract://name} with the metadata servers in
 * {@code fs.tract.metadata.<name>}. Nothing here depends on the scheme, so it may be mounted under another one. The
 * object is cheap: making and initialising it touches no network. Thread-safe.
 */
@SuppressWarnings({
    "NullAway.Init", // Hadoop's life cycle: the constructor knows nothing, initialize sets the fields.
    "deprecation" // FileContext and older programs still call what Hadoop deprecates.
})
public class TractFileSystem extends CreateOverloads implements BatchListingOperations, LeaseRecoverable, SafeMode {
    /** The scheme under which Hadoop finds this class. */
    public static final String SCHEME = "tract";

    private static final String HOME_PARENT = "/user";

    private final ClientFactory clients;
    private URI uri;
    private Path workingDirectory;
    private String user;
    private Set<String> logicalNames;
    private ClusterSession session;
    private FileDefaults fileDefaults;
    private FileOpener opener;
    private ReadOpener readOpener;
    private NamespaceCalls namespace;
    private BlockLocations blocks;
    private FileChecksums checksums;

    /** What Hadoop calls. */
    public TractFileSystem() {
        this(ClientFactory.NETWORK);
    }

    /** With clients of another making. */
    TractFileSystem(ClientFactory clients) {
        this.clients = clients;
    }

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        setConf(configuration);
        AdapterConfig config = AdapterConfig.of(configuration);
        ClusterAddress address = ClusterAddress.of(name, config.logicalNames());
        UserGroupInformation caller = UserGroupInformation.getCurrentUser();
        UserGroupInformation starter = caller.getRealUser() == null ? caller : caller.getRealUser();
        user = caller.getShortUserName();
        logicalNames = config.logicalNames().keySet();
        uri = URI.create(name.getScheme() + "://" + name.getAuthority());
        session = new ClusterSession(
                clients,
                new ClientTarget(address.metadataServers(), user, starter.getShortUserName(), config.client()));
        fileDefaults = new FileDefaults(configuration, session);
        blocks = new BlockLocations(session);
        checksums = new FileChecksums(session, configuration);
        opener = new FileOpener(session, config.client().write().syncOnClose());
        readOpener = new ReadOpener(session, () -> statistics);
        namespace = new NamespaceCalls(session, () -> statistics);
        workingDirectory = getHomeDirectory();
    }

    @Override
    public String getScheme() {
        return uri == null ? SCHEME : uri.getScheme();
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    protected int getDefaultPort() {
        return ClusterAddress.DEFAULT_PORT;
    }

    /** A logical name or a list of servers stays as it is; a host gets the default port. */
    @Override
    protected URI canonicalizeUri(URI any) {
        String authority = any.getAuthority();
        boolean logical = authority != null
                && (authority.indexOf(',') >= 0 || logicalNames.contains(authority.toLowerCase(Locale.ROOT)));
        return logical ? any : super.canonicalizeUri(any);
    }

    /** There are no delegation tokens, so nobody shall ask for them. */
    @Override
    public @Nullable String getCanonicalServiceName() {
        return null;
    }

    @Override
    protected void checkPath(Path path) {
        super.checkPath(path);
    }

    @Override
    public Path getHomeDirectory() {
        return makeQualified(new Path(HOME_PARENT, user));
    }

    @Override
    public Path getWorkingDirectory() {
        return workingDirectory;
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        Path absolute = fixRelativePart(directory);
        name(absolute);
        workingDirectory = makeQualified(absolute);
    }

    @Override
    FsPermission masked(@Nullable FsPermission permission) {
        return fileDefaults.filePermission(permission);
    }

    @Override
    FSDataOutputStream create(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            boolean createParent,
            @Nullable Progressable progress)
            throws IOException {
        String name = name(path);
        statistics.incrementWriteOps(1);
        return opener.create(
                name,
                new FileOpener.Request(
                        permission.toShort(), flags, bufferSize, replication, blockSize, createParent, progress),
                statistics);
    }

    @Override
    public FSDataOutputStream append(
            Path path, int bufferSize, @Nullable Progressable progress, boolean appendToNewBlock) throws IOException {
        String name = name(path);
        statistics.incrementWriteOps(1);
        return opener.append(name, appendToNewBlock, bufferSize, progress, statistics);
    }

    @Override
    public boolean truncate(Path path, long newLength) throws IOException {
        if (newLength < 0) {
            throw new IllegalArgumentException("Cannot truncate to a negative file size: " + newLength);
        }
        return change(path, (client, name) -> client.truncate(name, newLength));
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        return readOpener.open(name, bufferSize);
    }

    @Override
    protected CompletableFuture<FSDataInputStream> openFileWithOptions(Path path, OpenFileParameters parameters)
            throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        return readOpener.open(name, parameters);
    }

    @Override
    protected PathHandle createPathHandle(FileStatus status, HandleOpt... options) {
        return TractPathHandle.of(status, name(status.getPath()), options);
    }

    @Override
    public FSDataInputStream open(PathHandle handle, int bufferSize) throws IOException {
        statistics.incrementReadOps(1);
        return readOpener.open(handle, bufferSize);
    }

    @Override
    protected CompletableFuture<FSDataInputStream> openFileWithOptions(PathHandle handle, OpenFileParameters parameters)
            throws IOException {
        statistics.incrementReadOps(1);
        return readOpener.open(handle, parameters);
    }

    /** Moves the content of the sources to the end of the target, by HDFS's rules, atomically. */
    @Override
    public void concat(Path target, Path[] sources) throws IOException {
        List<String> names = new ArrayList<>(sources.length);
        for (Path source : sources) {
            names.add(name(source));
        }
        run(target, (client, name) -> client.concat(name, names));
    }

    /** Equal to HDFS's for the same content and block size, worked out by the tract servers. */
    @Override
    public FileChecksum getFileChecksum(Path path) throws IOException {
        return getFileChecksum(path, Long.MAX_VALUE);
    }

    @Override
    public FileChecksum getFileChecksum(Path path, long length) throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        session.ensureOpen();
        return checksums.of(name, length);
    }

    @Override
    public boolean rename(Path source, Path destination) throws IOException {
        String target = name(destination);
        return change(source, (client, name) -> client.rename(name, target, RenameStyle.LEGACY));
    }

    /** Atomic, with {@code OVERWRITE} too. */
    @Override
    protected void rename(Path source, Path destination, Rename... options) throws IOException {
        String target = name(destination);
        RenameStyle style =
                Arrays.asList(options).contains(Rename.OVERWRITE) ? RenameStyle.OVERWRITE : RenameStyle.STRICT;
        change(source, (client, name) -> client.rename(name, target, style));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return change(path, (client, name) -> client.delete(name, recursive));
    }

    @Override
    public boolean mkdirs(Path path, @Nullable FsPermission permission) throws IOException {
        int masked = fileDefaults.directoryPermission(permission).toShort();
        return change(path, (client, name) -> client.mkdirs(name, masked, true));
    }

    @Override
    protected boolean primitiveMkdir(Path path, FsPermission permission) throws IOException {
        return change(path, (client, name) -> client.mkdirs(name, permission.toShort(), true));
    }

    @Override
    protected void primitiveMkdir(Path path, FsPermission permission, boolean createParent) throws IOException {
        change(path, (client, name) -> client.mkdirs(name, permission.toShort(), createParent));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(ask(path, TractFsClient::status), makeQualified(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return listing(path).remaining().toArray(new FileStatus[0]);
    }

    @Override
    public RemoteIterator<FileStatus> listStatusIterator(Path path) throws IOException {
        return listing(path);
    }

    @Override
    public RemoteIterator<PartialListing<FileStatus>> batchedListStatusIterator(List<Path> paths) {
        return new BatchedListing<>(paths, this::listing);
    }

    @Override
    public RemoteIterator<PartialListing<LocatedFileStatus>> batchedListLocatedStatusIterator(List<Path> paths) {
        return new BatchedListing<>(paths, path -> located(path, any -> true));
    }

    private PagedListing<FileStatus> listing(Path path) throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        return new PagedListing<>(session, makeQualified(path), name, this::status, any -> true);
    }

    @Override
    protected RemoteIterator<LocatedFileStatus> listLocatedStatus(Path path, PathFilter filter) throws IOException {
        return located(path, filter);
    }

    private PagedListing<LocatedFileStatus> located(Path path, PathFilter filter) throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        return new PagedListing<>(session, makeQualified(path), name, this::status, filter::accept);
    }

    /** Files with bytes that no store can give, for superusers; {@code tractfs fsck} says more. */
    @Override
    public RemoteIterator<Path> listCorruptFileBlocks(Path path) throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        return new CorruptFileListing(session, makeQualified(path), name);
    }

    @Override
    public ContentSummary getContentSummary(Path path) throws IOException {
        return namespace.contentSummary(name(path));
    }

    @Override
    public QuotaUsage getQuotaUsage(Path path) throws IOException {
        return namespace.quotaUsage(name(path));
    }

    @Override
    public BlockLocation @Nullable [] getFileBlockLocations(@Nullable FileStatus file, long start, long length)
            throws IOException {
        return file == null ? null : blocks.of(file, name(file.getPath()), start, length);
    }

    /** As in HDFS, whoever asks by path has to be allowed to read the file. */
    @Override
    public BlockLocation[] getFileBlockLocations(Path path, long start, long length) throws IOException {
        String name = name(path);
        statistics.incrementReadOps(1);
        return blocks.of(name, start, length);
    }

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        run(path, (client, name) -> client.setPermission(name, permission.toShort()));
    }

    @Override
    public void setOwner(Path path, @Nullable String owner, @Nullable String group) throws IOException {
        if (owner == null && group == null) {
            throw new IOException("username == null && groupname == null");
        }
        run(path, (client, name) -> client.setOwner(name, owner, group));
    }

    @Override
    public void setTimes(Path path, long modificationMs, long accessMs) throws IOException {
        run(path, (client, name) -> client.setTimes(name, modificationMs, accessMs));
    }

    @Override
    public boolean setReplication(Path path, short replication) throws IOException {
        return change(path, (client, name) -> client.setReplication(name, replication));
    }

    @Override
    public void access(Path path, FsAction mode) throws IOException {
        namespace.requireAccess(name(path), mode);
    }

    @Override
    public FsStatus getStatus(@Nullable Path path) throws IOException {
        return namespace.space();
    }

    @Override
    public FsServerDefaults getServerDefaults(@Nullable Path path) throws IOException {
        return getServerDefaults();
    }

    @Override
    public FsServerDefaults getServerDefaults() throws IOException {
        return fileDefaults.server();
    }

    @Override
    public long getDefaultBlockSize() {
        return fileDefaults.blockSize();
    }

    @Override
    public short getDefaultReplication() {
        return (short) fileDefaults.replication();
    }

    @Override
    public boolean recoverLease(Path path) throws IOException {
        return change(path, (client, name) -> client.recoverLease(name));
    }

    @Override
    public boolean isFileClosed(Path path) throws IOException {
        return namespace.isFileClosed(name(path));
    }

    /** Also true where too few stores are there for changes. A forced exit is an ordinary one. */
    @Override
    public boolean setSafeMode(SafeModeAction action, boolean checked) throws IOException {
        return namespace.safeMode(action);
    }

    /** Every answer comes from the leader, so there is nothing to wait for. */
    @Override
    public void msync() {}

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        PathCapabilitiesSupport.validatePathCapabilityArgs(path, capability);
        name(path);
        return PathCapabilities.has(capability.toLowerCase(Locale.ROOT));
    }

    /** Completes open outputs, deletes what was marked for it, ends the session; twice is a no-op. */
    @Override
    @SuppressWarnings("UnnecessaryNullCheck") // It may not have been initialised.
    public void close() throws IOException {
        if (session == null || session.isClosed()) {
            return;
        }
        try {
            try {
                session.closeOutputs();
            } finally {
                super.close();
            }
        } finally {
            session.close();
        }
    }

    @Override
    public String toString() {
        return "TractFileSystem{" + uri + " as " + user + "}";
    }

    private <T> T change(Path path, NamespaceCalls.Call<T> call) throws IOException {
        return namespace.change(name(path), call);
    }

    private void run(Path path, NamespaceCalls.Action action) throws IOException {
        namespace.run(name(path), action);
    }

    private <T> T ask(Path path, NamespaceCalls.Call<T> call) throws IOException {
        return namespace.ask(name(path), call);
    }

    private TractFileStatus status(FileInfo info, Path path) {
        String name = path.toUri().getPath();
        return new TractFileStatus(info, path, file -> blocks.locate(name, file, 0, file.length()));
    }

    /** The path as the server knows it. */
    private String name(Path path) {
        Path absolute = fixRelativePart(path);
        checkPath(absolute);
        return PathNames.onServer(absolute);
    }
}
