package io.tractfs.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.hadoop.contract.ContractSuite;
import io.tractfs.hadoop.contract.OperationsSuite;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.viewfs.ViewSuite;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs Hadoop's suites on a cluster of processes and asserts how many tests ran and which did not, so that none goes
 * missing in silence.
 */
class HadoopSuitesIT {
    private static final String ORDINARY_USER = "ordinary";

    /** Its tests of retries do little but wait, so it runs beside the suites that follow. */
    private static final String SLEEPER = "CommitTaskStage";

    private static final FutureTask<SuiteRun> sleeper = new FutureTask<>(() -> runOf(CommitterSuite.class, SLEEPER));
    private static boolean sleeperStarted;

    /** Suite, class of tests, how many succeed, which ones are skipped by their own assumptions. */
    static Stream<Arguments> classes() {
        return Stream.of(
                Arguments.of(OnCluster.Contracts.class, "Append", 8, Set.of()),
                Arguments.of(
                        OnCluster.Contracts.class,
                        "BulkDelete",
                        16,
                        Set.of("testChildPaths", "testDeletePathsDirectory", "testDeleteSamePathsMoreThanOnce")),
                Arguments.of(OnCluster.Contracts.class, "Concat", 5, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "ContentSummary", 2, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "CopyFromLocal", 15, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Create", 16, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Delete", 8, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Etag", 4, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "GetEnclosingRoot", 4, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "GetFileStatus", 20, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "LeaseRecovery", 3, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Mkdir", 8, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "MultipartUploader", 17, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Open", 27, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "PathHandle", 56, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Rename", 10, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "RootDirectory", 9, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "SafeMode", 1, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Seek", 18, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "SetTimes", 1, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "StreamIOStatistics", 5, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "Unbuffer", 6, Set.of()),
                Arguments.of(OnCluster.Contracts.class, "VectoredRead", 46, Set.of()),
                Arguments.of(TrashSuite.class, "Trash", 4, Set.of()),
                Arguments.of(CommitterSuite.class, "CleanupStage", 9, Set.of()),
                Arguments.of(CommitterSuite.class, "CreateOutputDirectoriesStage", 2, Set.of()),
                Arguments.of(CommitterSuite.class, "JobThroughManifestCommitter", 21, Set.of()),
                Arguments.of(CommitterSuite.class, "LoadManifestsStage", 1, Set.of()),
                Arguments.of(CommitterSuite.class, "ManifestCommitProtocol", 17, Set.of()),
                Arguments.of(CommitterSuite.class, "RenameStageFailure", 5, Set.of()),
                Arguments.of(CommitterSuite.class, "TaskManifestFileIO", 6, Set.of()),
                Arguments.of(ViewSuite.class, "ViewFileSystemOverCluster", 90, Set.of("testLinkTarget")),
                Arguments.of(ViewSuite.class, "ViewFsOverCluster", 66, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileSystemContract", 43, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileSystemOperations", 50, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileContextOperations", 73, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileContextCreateMkdir", 11, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileContextPermission", 4, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileContextUri", 17, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileContextUtilities", 2, Set.of()),
                Arguments.of(CommitterSuite.class, "CommitTaskStage", 10, Set.of()),
                Arguments.of(OnCluster.Operations.class, "FileContextStatistics", 3, Set.of()));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("classes")
    void hold(Class<?> suite, String name, long succeeded, Set<String> skipped) throws Exception {
        FileContext.clearStatistics();
        if (suite == CommitterSuite.class) {
            startSleeper();
        }
        SuiteRun run = name.equals(SLEEPER) ? sleeper.get() : runOf(suite, name);
        assertThat(run.failures()).isEmpty();
        assertThat(run.succeeded()).isEqualTo(succeeded);
        assertThat(run.skipped()).isEqualTo(skipped);
    }

    /** Begun once the suites are over that remove what is below the root, or close all file systems of the process. */
    private static void startSleeper() {
        if (!sleeperStarted) {
            sleeperStarted = true;
            new Thread(sleeper, "sleeping-suite").start();
        }
    }

    private static SuiteRun runOf(Class<?> suite, String name) throws IOException {
        return runnerOf(name).doAs((PrivilegedAction<SuiteRun>) () -> SuiteRun.of(suite, nested(suite, name)));
    }

    @Test
    void namesEveryClassOfTheSuites() {
        Set<String> named =
                classes().map(arguments -> (String) arguments.get()[1]).collect(Collectors.toSet());
        assertThat(named)
                .isEqualTo(Stream.of(
                                ContractSuite.class,
                                OperationsSuite.class,
                                CommitterSuite.class,
                                TrashSuite.class,
                                ViewSuite.class)
                        .flatMap(suite -> Arrays.stream(suite.getDeclaredClasses()))
                        .filter(type -> type.isAnnotationPresent(Nested.class))
                        .map(Class::getSimpleName)
                        .collect(Collectors.toSet()));
    }

    /** Tests that want permission denied run as an ordinary user with a home; all others as the superuser. */
    private static UserGroupInformation runnerOf(String name) throws IOException {
        if (!name.equals("FileSystemOperations")) {
            return UserGroupInformation.getCurrentUser();
        }
        Path home = new Path("/user/" + ORDINARY_USER);
        try (FileSystem files = SharedCluster.get().newFileSystem()) {
            files.mkdirs(home);
            files.setOwner(home, ORDINARY_USER, ORDINARY_USER);
            Path temporary = new Path("/tmp");
            files.mkdirs(temporary);
            files.setPermission(temporary, new FsPermission((short) 01777));
        }
        return UserGroupInformation.createRemoteUser(ORDINARY_USER);
    }

    private static Class<?> nested(Class<?> suite, String name) {
        return Stream.of(suite, suite.getSuperclass())
                .flatMap(type -> Arrays.stream(type.getDeclaredClasses()))
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no class " + name + " in " + suite));
    }
}
