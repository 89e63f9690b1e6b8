package io.tractfs.metadata.assignment;

/** What the leader thinks of a store. Immutable. */
public enum Standing {
    /** In the register, but not heard of by this leader. */
    ABSENT,
    /** Gives signs of life. */
    LIVE,
    /** Gone after it announced a restart; its columns stay vacant for the grace time. */
    AWAY,
    /** Gone. */
    DEAD,
    /** Runs, but has fenced itself. */
    FAILED
}
