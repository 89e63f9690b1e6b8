package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.permission.Access;
import io.tractfs.metadata.permission.AccessRules;
import io.tractfs.metadata.permission.Requester;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Resolves paths and checks rights along them as one user. As thread-safe as the tree is.
 */
final class PathAccess {
    private static final List<Entry<Inode>> NOBODY = List.of();

    private final Tree tree;
    private final Requester requester;

    /** Resolves in a tree as a user. */
    PathAccess(Tree tree, Requester requester) {
        this.tree = tree;
        this.requester = requester;
    }

    /**
     * Walks down a path; asks for execute on every directory passed through. As in HDFS, what is said to be below a file
     * is refused as if there were no right to go there.
     */
    ResolvedPath resolve(String text) throws Refusal {
        return resolve(NamespacePath.parse(text), ErrorCode.PERMISSION_DENIED);
    }

    /**
     * Walks down a path of which only the status is wanted: below a file there is nothing. HDFS tells that to superusers
     * alone, but Hadoop's own tests, and programs that ask whether something exists, want it told to everybody.
     */
    ResolvedPath resolveForStatus(String text) throws Refusal {
        return resolve(NamespacePath.parse(text), ErrorCode.NOT_FOUND);
    }

    /** Walks down a path on which something is to be made; a file on the way is told apart from a missing right. */
    ResolvedPath resolveToCreate(String text) throws Refusal {
        return resolveToCreate(NamespacePath.parse(text));
    }

    /** Walks down a path on which something is to be made; a file on the way is told apart from a missing right. */
    ResolvedPath resolveToCreate(NamespacePath path) throws Refusal {
        return resolve(path, ErrorCode.PARENT_NOT_DIRECTORY);
    }

    private ResolvedPath resolve(NamespacePath named, ErrorCode belowFile) throws Refusal {
        NamespacePath path = named.isReserved() ? ReservedPaths.real(tree, named) : named;
        List<Entry<Inode>> chain = new ArrayList<>(path.names().size() + 1);
        Entry<Inode> at = new Entry<>(Location.ROOT, tree.directoryAt(Location.ROOT));
        chain.add(at);
        for (String name : path.names()) {
            requirePassable(path.prefix(chain.size() - 1), at.inode(), belowFile);
            Location location = new Location(at.inode().id(), name);
            Optional<Inode> child = tree.at(location);
            if (child.isEmpty()) {
                break;
            }
            at = new Entry<>(location, child.get());
            chain.add(at);
        }
        return new ResolvedPath(path, chain);
    }

    private void requirePassable(NamespacePath path, Inode inode, ErrorCode belowFile) throws Refusal {
        if (!inode.isDirectory()) {
            throw new Refusal(belowFile, path + " (is not a directory)");
        }
        require(Access.EXECUTE, path, inode);
    }

    /** Asks for rights on the last component, if it exists. */
    void requireAccess(ResolvedPath resolved, Access access) throws Refusal {
        if (resolved.exists()) {
            require(access, resolved.path(), resolved.deepest().inode());
        }
    }

    /** Asks for rights on an inode that was found at a path. */
    void requireAt(NamespacePath path, Inode inode, Access access) throws Refusal {
        require(access, path, inode);
    }

    /** Asks for rights on the deepest directory that exists above the last component. */
    void requireAncestor(ResolvedPath resolved, Access access) throws Refusal {
        Entry<Inode> ancestor = resolved.ancestor();
        require(access, resolved.pathOf(ancestor), ancestor.inode());
    }

    /** Asks for rights on the parent directory, if it exists. */
    void requireParent(ResolvedPath resolved, Access access) throws Refusal {
        Optional<Entry<Inode>> parent = resolved.parent();
        if (parent.isPresent()) {
            require(access, resolved.pathOf(parent.get()), parent.get().inode());
        }
    }

    /** Asks for the right to take the last component out of its parent: write there, and the sticky bit. */
    void requireRemoval(ResolvedPath resolved) throws Refusal {
        Optional<Entry<Inode>> parent = resolved.parent();
        if (parent.isEmpty()) {
            return;
        }
        NamespacePath parentPath = resolved.pathOf(parent.get());
        Inode directory = parent.get().inode();
        if (resolved.exists()) {
            requireNotSticky(
                    parentPath,
                    directory,
                    resolved.path().name(),
                    resolved.deepest().inode());
        }
        require(Access.WRITE, parentPath, directory);
    }

    private void requireNotSticky(NamespacePath parentPath, Inode directory, String name, Inode entry) throws Refusal {
        if (!AccessRules.allowsRemoval(requester, directory.attributes(), entry.attributes())) {
            throw new Refusal(
                    ErrorCode.PERMISSION_DENIED,
                    AccessRules.stickyDenial(
                            requester,
                            parentPath.child(name).toString(),
                            entry.attributes(),
                            entry.isDirectory(),
                            parentPath.toString(),
                            directory.attributes()));
        }
    }

    /** Asks to be the owner. */
    void requireOwner(ResolvedPath resolved) throws Refusal {
        if (!resolved.exists()) {
            throw new Refusal(ErrorCode.NOT_FOUND, "Directory/File does not exist " + resolved.path());
        }
        Inode inode = resolved.deepest().inode();
        if (!AccessRules.isOwner(requester, inode.attributes())) {
            throw new Refusal(
                    ErrorCode.PERMISSION_DENIED,
                    "Permission denied. user=" + requester.user() + " is not the owner of inode=" + resolved.path());
        }
    }

    /** Asks for the rights to list every directory of a tree. */
    void requireListable(NamespacePath path, Inode top) throws Refusal {
        requireBelow(path, top, (at, directory) -> require(Access.READ_EXECUTE, at, directory));
    }

    /** Asks for all rights on every directory of a tree that is not empty, and that no sticky bit there is in the way. */
    void requireEmptiable(NamespacePath path, Inode top) throws Refusal {
        requireBelow(path, top, (at, directory) -> {
            if (directory.childCount() > 0) {
                require(Access.ALL, at, directory);
                for (Entry<Inode> child : AccessRules.isSticky(directory.attributes()) ? children(directory) : NOBODY) {
                    requireNotSticky(at, directory, child.name(), child.inode());
                }
            }
        });
    }

    private void requireBelow(NamespacePath path, Inode top, DirectoryCheck check) throws Refusal {
        if (requester.superuser() || !(top instanceof Inode.Directory start)) {
            return;
        }
        Deque<Below> pending = new ArrayDeque<>();
        pending.push(new Below(path, start));
        while (!pending.isEmpty()) {
            Below below = pending.pop();
            check.require(below.path(), below.directory());
            tree.children(below.directory().id(), "", child -> {
                if (child.inode() instanceof Inode.Directory directory) {
                    pending.push(new Below(below.path().child(child.name()), directory));
                }
                return true;
            });
        }
    }

    private List<Entry<Inode>> children(Inode.Directory directory) {
        List<Entry<Inode>> children = new ArrayList<>();
        tree.children(directory.id(), "", children::add);
        return children;
    }

    /** What is asked of each directory of a tree. */
    @FunctionalInterface
    private interface DirectoryCheck {
        void require(NamespacePath path, Inode.Directory directory) throws Refusal;
    }

    /** A directory on the way down. */
    private record Below(NamespacePath path, Inode.Directory directory) {}

    private void require(Access access, NamespacePath path, Inode inode) throws Refusal {
        if (!AccessRules.allows(requester, inode.attributes(), access)) {
            throw new Refusal(
                    ErrorCode.PERMISSION_DENIED,
                    AccessRules.denial(requester, access, path.toString(), inode.attributes(), inode.isDirectory()));
        }
    }
}
