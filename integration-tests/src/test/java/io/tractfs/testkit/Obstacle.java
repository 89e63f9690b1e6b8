package io.tractfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Why a test that needs root, or disks of its own, cannot run here. Immutable. */
public record Obstacle(String reason) {
    /** {@code -Dtractfs.root.required=true}: what cannot run fails, so that nobody takes it for passed. */
    private static final boolean REQUIRED = Boolean.getBoolean("tractfs.root.required");

    /** Goes on if there is none; else the test is skipped, or fails where it is required. */
    public void orGoOn() {
        if (REQUIRED) {
            assertThat(reason).as("obstacle to a test that is required").isEmpty();
        }
        assumeTrue(reason.isEmpty(), reason);
    }
}
