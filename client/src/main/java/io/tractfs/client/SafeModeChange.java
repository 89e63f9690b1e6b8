package io.tractfs.client;

/** What is to be done about safe mode, in which the namespace takes no changes. Immutable. */
public enum SafeModeChange {
    /** Only its state is asked for. */
    NONE,
    /** It begins. */
    ENTER,
    /** It ends. */
    LEAVE
}
