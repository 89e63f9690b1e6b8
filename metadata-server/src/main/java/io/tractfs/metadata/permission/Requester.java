package io.tractfs.metadata.permission;

import java.util.Set;

/**
 * As whom a command acts, as the leader found it out: groups are arguments of the command, so that every replay decides
 * alike. Immutable.
 *
 * @param user effective user
 * @param groups groups of the user
 * @param superuser whether no permission is asked
 */
public record Requester(String user, Set<String> groups, boolean superuser) {
    /** The server itself: commands of the leader that no user asked for. */
    public static final Requester SYSTEM = new Requester("", Set.of(), true);

    /** Copies the set. */
    public Requester {
        groups = Set.copyOf(groups);
    }

    /** Whether the user is in a group. */
    public boolean isIn(String group) {
        return groups.contains(group);
    }
}
