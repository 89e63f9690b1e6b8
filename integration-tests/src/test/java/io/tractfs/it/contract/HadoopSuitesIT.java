package io.tractfs.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.tractfs.hadoop.contract.ContractSuite;
import io.tractfs.hadoop.contract.OperationsSuite;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs Hadoop's suites on a cluster of processes and asserts how many tests ran, so that none goes missing in silence. */
class HadoopSuitesIT {
    private static final String ORDINARY_USER = "ordinary";

    /** Suite, class of tests, tests that succeed, tests that their own assumptions skip. */
    static Stream<Arguments> classes() {
        return Stream.of(
                Arguments.of(OnCluster.Contracts.class, "Append", 8, 0),
                Arguments.of(OnCluster.Contracts.class, "BulkDelete", 16, 3),
                Arguments.of(OnCluster.Contracts.class, "Concat", 5, 0),
                Arguments.of(OnCluster.Contracts.class, "ContentSummary", 2, 0),
                Arguments.of(OnCluster.Contracts.class, "CopyFromLocal", 15, 0),
                Arguments.of(OnCluster.Contracts.class, "Create", 16, 0),
                Arguments.of(OnCluster.Contracts.class, "Delete", 8, 0),
                Arguments.of(OnCluster.Contracts.class, "Etag", 4, 0),
                Arguments.of(OnCluster.Contracts.class, "GetEnclosingRoot", 4, 0),
                Arguments.of(OnCluster.Contracts.class, "GetFileStatus", 20, 0),
                Arguments.of(OnCluster.Contracts.class, "LeaseRecovery", 3, 0),
                Arguments.of(OnCluster.Contracts.class, "Mkdir", 8, 0),
                Arguments.of(OnCluster.Contracts.class, "MultipartUploader", 17, 0),
                Arguments.of(OnCluster.Contracts.class, "Open", 27, 0),
                Arguments.of(OnCluster.Contracts.class, "PathHandle", 56, 0),
                Arguments.of(OnCluster.Contracts.class, "Rename", 10, 0),
                Arguments.of(OnCluster.Contracts.class, "RootDirectory", 9, 0),
                Arguments.of(OnCluster.Contracts.class, "SafeMode", 1, 0),
                Arguments.of(OnCluster.Contracts.class, "Seek", 18, 0),
                Arguments.of(OnCluster.Contracts.class, "SetTimes", 1, 0),
                Arguments.of(OnCluster.Contracts.class, "StreamIOStatistics", 5, 0),
                Arguments.of(OnCluster.Contracts.class, "Unbuffer", 6, 0),
                Arguments.of(OnCluster.Contracts.class, "VectoredRead", 46, 0),
                Arguments.of(CommitterSuite.class, "CleanupStage", 9, 0),
                Arguments.of(CommitterSuite.class, "CommitTaskStage", 10, 0),
                Arguments.of(CommitterSuite.class, "CreateOutputDirectoriesStage", 2, 0),
                Arguments.of(CommitterSuite.class, "JobThroughManifestCommitter", 21, 0),
                Arguments.of(CommitterSuite.class, "LoadManifestsStage", 1, 0),
                Arguments.of(CommitterSuite.class, "ManifestCommitProtocol", 17, 0),
                Arguments.of(CommitterSuite.class, "RenameStageFailure", 5, 0),
                Arguments.of(CommitterSuite.class, "TaskManifestFileIO", 6, 0),
                Arguments.of(TrashSuite.class, "Trash", 4, 0),
                Arguments.of(ViewSuite.class, "ViewFileSystemOverCluster", 90, 1),
                Arguments.of(ViewSuite.class, "ViewFsOverCluster", 66, 0),
                Arguments.of(OnCluster.Operations.class, "FileSystemContract", 43, 0),
                Arguments.of(OnCluster.Operations.class, "FileSystemOperations", 50, 0),
                Arguments.of(OnCluster.Operations.class, "FileContextOperations", 73, 0),
                Arguments.of(OnCluster.Operations.class, "FileContextCreateMkdir", 11, 0),
                Arguments.of(OnCluster.Operations.class, "FileContextPermission", 4, 0),
                Arguments.of(OnCluster.Operations.class, "FileContextUri", 17, 0),
                Arguments.of(OnCluster.Operations.class, "FileContextUtilities", 2, 0),
                Arguments.of(OnCluster.Operations.class, "FileContextStatistics", 3, 0));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("classes")
    void hold(Class<?> suite, String name, long succeeded, long skipped) throws Exception {
        FileContext.clearStatistics();
        TestExecutionSummary summary = runnerOf(name)
                .doAs((PrivilegedAction<TestExecutionSummary>) () -> run(List.of(suite), nested(suite, name)));
        String counts = summary.getTestsSucceededCount() + " succeeded, "
                + (summary.getTestsAbortedCount() + summary.getTestsSkippedCount()) + " skipped, "
                + summary.getTotalFailureCount() + " failed";
        assertThat(counts).as(failures(summary)).isEqualTo(succeeded + " succeeded, " + skipped + " skipped, 0 failed");
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

    private static TestExecutionSummary run(List<Class<?>> enclosing, Class<?> tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectNestedClass(enclosing, tests))
                                .build(),
                        listener);
        return listener.getSummary();
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

    private static String failures(TestExecutionSummary summary) {
        StringWriter text = new StringWriter();
        summary.printFailuresTo(new PrintWriter(text), 20);
        return text.toString().replace("%", "%%");
    }
}
