package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TractFileSystemTest {
    private static final FsPermission ALL = new FsPermission((short) 0777);

    private final InMemoryTractFsClient cluster = new InMemoryTractFsClient("ada");
    private final AtomicReference<ClientTarget> connected = new AtomicReference<>();
    private final ClientFactory clients = target -> {
        connected.set(target);
        return cluster;
    };
    private final Configuration configuration = new Configuration();
    private final TractFileSystem files = new TractFileSystem(clients);
    private final Path file = new Path("/dir/file");

    @BeforeEach
    void open() throws IOException {
        files.initialize(URI.create("tract://node:7610/ignored"), configuration);
    }

    @Test
    void isFoundByItsSchemeAlone() {
        assertThat(ServiceLoader.load(FileSystem.class))
                .filteredOn(TractFileSystem.class::isInstance)
                .extracting(FileSystem::getScheme)
                .containsExactly("tract");
    }

    @Test
    void initialisesWithoutConnecting() {
        assertThat(connected.get()).isNull();
        assertThat(files.getUri()).isEqualTo(URI.create("tract://node:7610"));
    }

    @Test
    void mayBeMountedUnderAnotherScheme() throws IOException {
        configuration.set("fs.tract.metadata.prod", "a,b");
        TractFileSystem mounted = new TractFileSystem(clients);
        mounted.initialize(URI.create("hdfs://prod"), configuration);

        mounted.mkdirs(new Path("hdfs://PROD/x"));

        assertThat(mounted.getScheme()).isEqualTo("hdfs");
        assertThat(mounted.getFileStatus(new Path("/x")).getPath()).isEqualTo(new Path("hdfs://prod/x"));
        assertThat(connected.get())
                .isNotNull()
                .extracting(ClientTarget::metadataServers)
                .isEqualTo(List.of("a:7610", "b:7610"));
    }

    @Test
    void takesTheDefaultPortForTheSameCluster() throws IOException {
        assertThat(files.mkdirs(new Path("tract://NODE/a"))).isTrue();
        assertThatThrownBy(() -> files.mkdirs(new Path("tract://other/a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Wrong FS");
    }

    @Test
    void listsSortedByBytesOverManyPagesWithAnyNames() throws IOException {
        for (String name : new String[] {"b", "a:1", "ä", "a b", "%41", "Z", "\uD83D\uDE00"}) {
            files.create(new Path("tract", "node:7610", "/names/" + name)).close();
        }

        assertThat(files.listStatus(new Path("/names")))
                .extracting(status -> status.getPath().toUri().getPath())
                .containsExactly(
                        "/names/%41",
                        "/names/Z", "/names/a b", "/names/a:1", "/names/b", "/names/ä", "/names/\uD83D\uDE00");
    }

    @Test
    void worksOutBlockLocationsWhenTheyAreAskedFor() throws IOException {
        configuration.set("dfs.blocksize", "1k");
        write(file, 2500);
        FileStatus status = files.listStatus(file.getParent())[0];
        BlockLocation[] blocks = ((LocatedFileStatus) status).getBlockLocations();

        assertThat(blocks).extracting(BlockLocation::getOffset).containsExactly(0L, 1024L, 2048L);
        assertThat(blocks[2].getLength()).isEqualTo(452);
        assertThat(files.getFileBlockLocations(status, 1100, 10)).hasSize(1);
        assertThat(files.getFileBlockLocations(file, 5000, 1)).isEmpty();
    }

    @Test
    void serialisesAStatusWithItsLocations() throws Exception {
        write(file, 10);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(files.getFileStatus(file));
        }
        LocatedFileStatus copy =
                (LocatedFileStatus) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(copy.getBlockLocations()[0].getHosts()).containsExactly("host-1", "host-2");
        assertThat(copy.getLen()).isEqualTo(10);
    }

    @Test
    void appliesTheUmaskOnceAndHere() throws IOException {
        configuration.set("fs.permissions.umask-mode", "027");

        files.create(file, ALL, true, 4096, (short) 1, 1 << 20, null).close();
        files.mkdirs(new Path("/made/below"), ALL);

        assertThat(files.getFileStatus(file).getPermission().toShort()).isEqualTo((short) 0750);
        assertThat(files.getFileStatus(new Path("/made")).getPermission().toShort())
                .isEqualTo((short) 0750);
    }

    @Test
    void honoursChosenDefaultsButNotThoseOfHdfs() {
        String ofHdfs =
                "<configuration><property><name>dfs.replication</name><value>7</value></property></configuration>";
        configuration.addResource(
                new ByteArrayInputStream(ofHdfs.getBytes(StandardCharsets.UTF_8)), "hdfs-default.xml");
        assertThat(files.getDefaultReplication(file)).isEqualTo((short) 3);

        configuration.set("dfs.replication", "2");
        assertThat(files.getDefaultReplication(file)).isEqualTo((short) 2);
        assertThat(files.getDefaultBlockSize(file)).isEqualTo(128L << 20);
    }

    @Test
    void appendsOrCreatesAsTheFlagsSay() throws IOException {
        EnumSet<CreateFlag> flags = EnumSet.of(CreateFlag.CREATE, CreateFlag.APPEND);
        for (int i = 0; i < 2; i++) {
            try (FSDataOutputStream out = files.create(file, ALL, flags, 4096, (short) 1, 1 << 20, null)) {
                assertThat(out.getPos()).isEqualTo(i * 5L);
                out.write(new byte[5]);
            }
        }

        assertThat(files.getFileStatus(file).getLen()).isEqualTo(10);
        assertThatThrownBy(() -> files.create(
                        new Path("/none"), ALL, EnumSet.of(CreateFlag.OVERWRITE), 4096, (short) 1, 1 << 20, null))
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void givesANewFileToOneCallerOnly() throws IOException {
        assertThat(files.createNewFile(file)).isTrue();
        assertThat(files.createNewFile(file)).isFalse();
    }

    @Test
    void replacesWhenRenamingWithOverwriteOnly() throws IOException {
        Path other = new Path("/dir/other");
        write(file, 3);
        write(other, 4);

        assertThatThrownBy(() -> files.rename(file, other, Rename.NONE)).isInstanceOf(FileAlreadyExistsException.class);
        files.rename(file, other, Rename.OVERWRITE);

        assertThat(files.getFileStatus(other).getLen()).isEqualTo(3);
        assertThat(files.exists(file)).isFalse();
    }

    @Test
    void opensAFileOfKnownStatusWithoutAskingAgain() throws Exception {
        write(file, 3);
        FileStatus status = files.getFileStatus(file);

        files.openFile(file).withFileStatus(status).build().get().close();
        files.openFile(file).build().get().close();

        assertThat(cluster.opensOfKnown()).isOne();
    }

    @Test
    void completesOpenOutputsWhenItIsClosed() throws IOException {
        FSDataOutputStream out = files.create(file);
        out.write(new byte[100]);

        files.close();
        files.close();
        out.close();

        assertThat(cluster.status("/dir/file").length()).isEqualTo(100);
        assertThat(cluster.status("/dir/file").open()).isFalse();
    }

    @Test
    void closesItsClientAtTheEnd() throws IOException {
        files.exists(file);
        assertThat(cluster.isClosed()).isFalse();

        files.close();

        assertThat(cluster.isClosed()).isTrue();
    }

    @Test
    void refusesEverythingOnceItIsClosed() throws IOException {
        write(file, 3);
        FSDataInputStream in = files.open(file);
        files.close();

        assertThatThrownBy(() -> files.getFileStatus(file)).hasMessage("Filesystem closed");
        assertThatThrownBy(in::read).hasMessage("Filesystem closed");
    }

    @Test
    void carriesTheRealUserOfAProxyUser() throws Exception {
        UserGroupInformation service = UserGroupInformation.createRemoteUser("service");
        UserGroupInformation proxy = UserGroupInformation.createProxyUser("ada", service);
        TractFileSystem proxied = proxy.doAs((PrivilegedExceptionAction<TractFileSystem>) () -> {
            TractFileSystem made = new TractFileSystem(clients);
            made.initialize(URI.create("tract://node"), configuration);
            return made;
        });

        proxied.exists(file);

        assertThat(connected.get()).extracting(ClientTarget::user).isEqualTo("ada");
        assertThat(connected.get()).extracting(ClientTarget::realUser).isEqualTo("service");
        assertThat(proxied.getHomeDirectory()).isEqualTo(new Path("tract://node/user/ada"));
    }

    @Test
    void isOneObjectForEachUserInHadoopsCache() throws Exception {
        Configuration inMemory = InMemoryTractFileSystem.configuration();
        URI uri = URI.create("tract://cache-test");
        UserGroupInformation grace = UserGroupInformation.createRemoteUser("grace");
        PrivilegedExceptionAction<FileSystem> get = () -> FileSystem.get(uri, inMemory);

        FileSystem mine = FileSystem.get(uri, inMemory);
        FileSystem hers = grace.doAs(get);

        assertThat(FileSystem.get(URI.create("tract://CACHE-TEST/dir"), inMemory))
                .isSameAs(mine);
        assertThat(hers).isNotSameAs(mine).isSameAs(grace.doAs(get));
        assertThat(hers.getHomeDirectory().getName()).isEqualTo("grace");
        FileSystem.closeAllForUGI(grace);
        assertThatThrownBy(() -> hers.exists(file)).hasMessage("Filesystem closed");
        assertThat(grace.doAs(get)).isNotSameAs(hers);
        FileSystem.closeAllForUGI(grace);
        mine.close();
    }

    @Test
    void closesTheOthersWhenOneOutputCannotBeCompleted() throws IOException {
        FSDataOutputStream lost = files.create(new Path("/dir/lost"));
        lost.write(1);
        cluster.failWith(new TractException(ErrorCode.DISK_FULL, "No store has space left"));

        assertThatThrownBy(files::close).hasMessageContaining("No store has space left");
        cluster.failWith(null);

        files.close();
        assertThat(cluster.isClosed()).isTrue();
        assertThat(cluster.status("/dir/lost").open()).isTrue();
    }

    @Test
    void closesTheClientOfASessionThatWasCollected() throws IOException {
        useOnce();

        for (int i = 0; i < 500 && !cluster.isClosed(); i++) {
            System.gc();
        }
        assertThat(cluster.isClosed()).isTrue();
    }

    private void useOnce() throws IOException {
        TractFileSystem forgotten = new TractFileSystem(clients);
        forgotten.initialize(URI.create("tract://node:7610"), configuration);
        assertThat(forgotten.exists(file)).isFalse();
    }

    @Test
    void recordsTheLengthWhereASyncIsToldTo() throws IOException {
        TractDataOutputStream out = (TractDataOutputStream) files.create(file);
        out.write(new byte[10]);

        out.hsync(EnumSet.of(TractDataOutputStream.SyncFlag.UPDATE_LENGTH));

        assertThat(files.getFileStatus(file).getLen()).isEqualTo(10);
        out.close();
    }

    @Test
    void leavesAFileOpenWhoseWritesFailed() throws IOException {
        FSDataOutputStream out = files.create(file);
        out.write(1);
        cluster.failWith(new TractException(ErrorCode.DISK_FULL, "No store has space left"));

        assertThatThrownBy(out::close).hasMessageContaining("No store has space left");
        cluster.failWith(null);
        out.close();

        assertThat(cluster.status("/dir/file").open()).isTrue();
    }

    @Test
    void writesNothingAfterBytesWereLost() throws IOException {
        FSDataOutputStream out = files.create(file);
        cluster.failWith(new TractException(ErrorCode.DISK_FULL, "No store has space left"));
        assertThatThrownBy(() -> out.write(new byte[1 << 20])).hasMessageContaining("No store has space left");
        cluster.failWith(null);

        assertThatThrownBy(() -> out.write(1)).hasMessageContaining("An earlier write");
        assertThatThrownBy(out::close).hasMessageContaining("An earlier write");
        assertThat(cluster.status("/dir/file").length()).isZero();
        assertThat(cluster.status("/dir/file").open()).isTrue();
    }

    @Test
    void deletesTheFileOfAnAbortedStream() throws IOException {
        FSDataOutputStream out = files.create(file);
        out.write(1);

        assertThat(out.abort().alreadyClosed()).isFalse();
        out.close();

        assertThat(files.exists(file)).isFalse();
    }

    @Test
    void takesTheTrashIntervalFromTheServer() throws IOException {
        assertThat(files.getServerDefaults(file).getTrashInterval()).isEqualTo(60);
    }

    @Test
    void claimsOnlyWhatItHas() throws IOException {
        for (String there : Arrays.asList(
                CommonPathCapabilities.FS_APPEND,
                CommonPathCapabilities.FS_CHECKSUMS,
                CommonPathCapabilities.FS_CONCAT,
                CommonPathCapabilities.FS_EXPERIMENTAL_BATCH_LISTING,
                CommonPathCapabilities.FS_LIST_CORRUPT_FILE_BLOCKS,
                CommonPathCapabilities.FS_MULTIPART_UPLOADER,
                CommonPathCapabilities.FS_PATHHANDLES)) {
            assertThat(files.hasPathCapability(file, there)).as(there).isTrue();
        }
        for (String absent : Arrays.asList(
                CommonPathCapabilities.FS_ACLS,
                CommonPathCapabilities.FS_SNAPSHOTS,
                CommonPathCapabilities.FS_XATTRS,
                CommonPathCapabilities.FS_STORAGEPOLICY)) {
            assertThat(files.hasPathCapability(file, absent)).as(absent).isFalse();
        }
    }

    @Test
    void keepsALogicalNameFreeOfPortsForFileContext() throws Exception {
        configuration.set("fs.tract.metadata.my_cluster", "a");
        TractFs context = new TractFs(URI.create("tract://my_cluster/"), configuration, new TractFileSystem(clients));

        assertThat(context.getUri()).isEqualTo(URI.create("tract://my_cluster"));
        context.checkPath(new Path("tract://my_cluster/a"));
    }

    private void write(Path path, int length) throws IOException {
        try (FSDataOutputStream out = files.create(path)) {
            out.write(new byte[length]);
        }
    }
}
