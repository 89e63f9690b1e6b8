package io.tractfs.metadata.namespace;

import io.tractfs.metadata.permission.Access;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One page of everything below a path.
 *
 * <p>Goals: a tree of any size is walked in pages, each of one instant, with memory for one page. Constraints: what is
 * there during the whole walk and is not renamed is met exactly once; the entry at which the last page ended may be gone.
 * Algorithm: depth first, a directory before what is in it, entries in order of names as UTF-8 bytes. The place where a
 * page ended is the path of its last entry, from which the next one finds the directories to go on in. Confined to one
 * read.
 */
public final class TreeWalk {
    /** A page ends after about so many bytes of names and segments. */
    static final int PAGE_BYTES = 1 << 20;

    private static final int ENTRY_BYTES = 100;
    private static final int SEGMENT_BYTES = 32;

    private final Tree tree;
    private final PathAccess access;
    private final int most;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final List<Walked> page = new ArrayList<>();
    private long bytes;

    /** A directory and the entry in it after which to go on. */
    private record Frame(NamespacePath path, Inode.Directory directory, String after) {}

    /**
     * An entry of a walk. Immutable.
     *
     * @param path where it is
     * @param status with segments
     */
    public record Walked(String path, FileStatus status) {}

    /**
     * A page. Immutable.
     *
     * @param entries in order
     * @param more whether more follow
     */
    public record Page(List<Walked> entries, boolean more) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    private TreeWalk(Tree tree, PathAccess access, int most) {
        this.tree = tree;
        this.access = access;
        this.most = most;
    }

    /**
     * Reads a page.
     *
     * @param after path of the last entry of the page before, at or below the top; empty for the first page
     * @param most entries
     */
    static Page page(Tree tree, PathAccess access, ResolvedPath top, Optional<NamespacePath> after, int most)
            throws Refusal {
        TreeWalk walk = new TreeWalk(tree, access, most);
        Inode inode = top.required().inode();
        if (after.isEmpty()) {
            walk.take(top.path(), top.required().name(), inode);
            if (inode instanceof Inode.Directory directory) {
                walk.frames.push(new Frame(top.path(), directory, ""));
            }
        } else if (inode instanceof Inode.Directory directory) {
            walk.resume(top.path(), directory, after.get());
        }
        return new Page(walk.page, walk.run());
    }

    /** Finds the directories that the last page left unfinished: those above its last entry, and that entry itself. */
    private void resume(NamespacePath top, Inode.Directory start, NamespacePath after) {
        Inode.Directory at = start;
        for (int depth = top.names().size(); depth < after.names().size(); depth++) {
            String name = after.names().get(depth);
            frames.push(new Frame(after.prefix(depth), at, name));
            if (!(tree.at(new Location(at.id(), name)).orElse(null) instanceof Inode.Directory next)) {
                return;
            }
            at = next;
        }
        frames.push(new Frame(after, at, ""));
    }

    /** Whether more follow. */
    private boolean run() throws Refusal {
        while (!frames.isEmpty()) {
            if (isFull()) {
                return true;
            }
            step(frames.pop());
        }
        return false;
    }

    /** Takes entries of a directory up to the first directory in it, which is gone into before the rest. */
    private void step(Frame frame) throws Refusal {
        access.requireAt(frame.path(), frame.directory(), Access.READ_EXECUTE);
        List<Frame> next = new ArrayList<>(2);
        tree.children(frame.directory().id(), frame.after(), child -> {
            if (isFull()) {
                next.add(new Frame(frame.path(), frame.directory(), lastName()));
                return false;
            }
            NamespacePath path = frame.path().child(child.name());
            take(path, child.name(), child.inode());
            if (child.inode() instanceof Inode.Directory below) {
                next.add(new Frame(frame.path(), frame.directory(), child.name()));
                next.add(new Frame(path, below, ""));
                return false;
            }
            return true;
        });
        next.forEach(frames::push);
    }

    private void take(NamespacePath path, String name, Inode inode) {
        String text = path.toString();
        FileStatus status = inode.status(name, true);
        page.add(new Walked(text, status));
        bytes += ENTRY_BYTES
                + text.length()
                + (long) SEGMENT_BYTES * status.segments().size();
    }

    private boolean isFull() {
        return page.size() >= most || bytes >= PAGE_BYTES;
    }

    /** Only used where the page is full, so it is not empty. */
    private String lastName() {
        return page.get(page.size() - 1).status().name();
    }
}
