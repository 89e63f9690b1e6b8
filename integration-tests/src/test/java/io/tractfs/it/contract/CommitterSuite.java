package io.tractfs.it.contract;

import io.tractfs.hadoop.contract.TractContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestCleanupStage;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestCommitTaskStage;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestCreateOutputDirectoriesStage;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestJobThroughManifestCommitter;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestLoadManifestsStage;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestManifestCommitProtocol;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestRenameStageFailure;
import org.apache.hadoop.mapreduce.lib.output.committer.manifest.TestTaskManifestFileIO;
import org.junit.jupiter.api.Nested;

/** The tests of MapReduce's manifest committer on the shared cluster; run by {@link HadoopSuitesIT} only. */
final class CommitterSuite {
    /** Each class has a directory of its own. */
    private static AbstractFSContract contract(Configuration configuration, Object tests) {
        try {
            Path directory = new Path("/committer/" + tests.getClass().getSimpleName());
            return new TractContract(configuration, OnCluster.fileSystem(configuration), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class CleanupStage extends TestCleanupStage {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class CommitTaskStage extends TestCommitTaskStage {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class CreateOutputDirectoriesStage extends TestCreateOutputDirectoriesStage {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class JobThroughManifestCommitter extends TestJobThroughManifestCommitter {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class LoadManifestsStage extends TestLoadManifestsStage {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class ManifestCommitProtocol extends TestManifestCommitProtocol {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class RenameStageFailure extends TestRenameStageFailure {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }

    @Nested
    class TaskManifestFileIO extends TestTaskManifestFileIO {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return contract(configuration, this);
        }
    }
}
