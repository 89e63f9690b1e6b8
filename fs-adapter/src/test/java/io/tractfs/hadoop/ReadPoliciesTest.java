package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.client.ReadPattern;
import org.junit.jupiter.api.Test;

class ReadPoliciesTest {
    @Test
    void takesTheFirstPolicyThatItKnows() {
        assertThat(ReadPolicies.pattern("of-the-future, Parquet, sequential")).isEqualTo(ReadPattern.RANDOM);
    }

    @Test
    void adaptsWhereItKnowsNone() {
        assertThat(ReadPolicies.pattern("")).isEqualTo(ReadPattern.ADAPTIVE);
    }

    @Test
    void readsWholeFilesFromFrontToEnd() {
        assertThat(ReadPolicies.pattern("whole-file")).isEqualTo(ReadPattern.SEQUENTIAL);
    }
}
