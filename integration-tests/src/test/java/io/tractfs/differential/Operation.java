package io.tractfs.differential;

/** One operation of one actor; what it needs, such as an open stream, it takes from the world. Immutable. */
sealed interface Operation
        permits StreamOperation, ReadOperation, TreeOperation, AttributeOperation, QueryOperation, SleepOperation {
    /** Does it, and says what can be compared. */
    String on(World world) throws Exception;

    /**
     * Whether the outcome depends on bytes that are written but not flushed; what of them is there already is nobody's
     * promise.
     */
    boolean observesBytes();
}
