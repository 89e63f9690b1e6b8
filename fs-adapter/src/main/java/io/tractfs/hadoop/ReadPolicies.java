package io.tractfs.hadoop;

import io.tractfs.client.ReadPattern;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Options.OpenFileOptions;

/** Reads Hadoop's {@code fs.option.openfile.read.policy}: a list, of which the first known one counts. Immutable. */
final class ReadPolicies {
    private ReadPolicies() {}

    /** The pattern for a list of policies; adaptive where none is known. */
    static ReadPattern pattern(String policies) {
        return Stream.of(policies.split(",", -1))
                .map(policy -> of(policy.trim().toLowerCase(Locale.ROOT)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(ReadPattern.ADAPTIVE);
    }

    private static Optional<ReadPattern> of(String policy) {
        return switch (policy) {
            case OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_ADAPTIVE,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_DEFAULT -> Optional.of(ReadPattern.ADAPTIVE);
            case OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_SEQUENTIAL,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_WHOLE_FILE,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_AVRO,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_CSV,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_JSON -> Optional.of(ReadPattern.SEQUENTIAL);
            case OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_RANDOM,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_VECTOR,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_COLUMNAR,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_PARQUET,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_ORC,
                    OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_HBASE -> Optional.of(ReadPattern.RANDOM);
            default -> Optional.empty();
        };
    }
}
