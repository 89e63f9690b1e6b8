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
    private final Tree tree;
    private final Requester requester;

    /** Resolves in a tree as a user. */
    PathAccess(Tree tree, Requester requester) {
        this.tree = tree;
        this.requester = requester;
    }

    /** Walks down a path; asks for execute on every directory passed through. */
    ResolvedPath resolve(String text) throws Refusal {
        return resolve(NamespacePath.parse(text));
    }

    /** Walks down a path; asks for execute on every directory passed through. */
    ResolvedPath resolve(NamespacePath named) throws Refusal {
        NamespacePath path = named.isReserved() ? ReservedPaths.real(tree, named) : named;
        List<Entry<Inode>> chain = new ArrayList<>(path.names().size() + 1);
        Entry<Inode> at = new Entry<>(Location.ROOT, tree.directoryAt(Location.ROOT));
        chain.add(at);
        for (String name : path.names()) {
            requirePassable(path, chain.size() - 1, at);
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

    private void requirePassable(NamespacePath path, int depth, Entry<Inode> entry) throws Refusal {
        if (!entry.inode().isDirectory()) {
            throw new Refusal(
                    ErrorCode.PARENT_NOT_DIRECTORY, path.prefix(depth) + " (is not a directory), asked for " + path);
        }
        require(Access.EXECUTE, path.prefix(depth), entry.inode());
    }

    /** Asks for rights on the last component, if it exists. */
    void requireAccess(ResolvedPath resolved, Access access) throws Refusal {
        if (resolved.exists()) {
            require(access, resolved.path(), resolved.deepest().inode());
        }
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
        require(Access.WRITE, parentPath, directory);
        if (resolved.exists()) {
            Inode inode = resolved.deepest().inode();
            if (!AccessRules.allowsRemoval(requester, directory.attributes(), inode.attributes())) {
                throw new Refusal(
                        ErrorCode.PERMISSION_DENIED,
                        AccessRules.stickyDenial(
                                requester,
                                resolved.path().toString(),
                                inode.attributes(),
                                inode.isDirectory(),
                                parentPath.toString(),
                                directory.attributes()));
            }
        }
    }

    /** Asks to be the owner. */
    void requireOwner(ResolvedPath resolved) throws Refusal {
        Inode inode = resolved.required().inode();
        if (!AccessRules.isOwner(requester, inode.attributes())) {
            throw new Refusal(
                    ErrorCode.PERMISSION_DENIED,
                    "Permission denied. user=" + requester.user() + " is not the owner of inode=" + resolved.path());
        }
    }

    /**
     * Asks for rights on every directory of a tree that is not empty; the root of the tree is asked too.
     *
     * @param ignoreEmpty whether empty directories are passed over
     */
    void requireBelow(NamespacePath path, Inode top, Access access, boolean ignoreEmpty) throws Refusal {
        if (requester.superuser() || !(top instanceof Inode.Directory start)) {
            return;
        }
        Deque<Inode.Directory> pending = new ArrayDeque<>();
        pending.push(start);
        while (!pending.isEmpty()) {
            Inode.Directory directory = pending.pop();
            if (!ignoreEmpty || directory.childCount() > 0) {
                require(access, path, directory);
            }
            tree.children(directory.id(), "", child -> {
                if (child.inode() instanceof Inode.Directory below) {
                    pending.push(below);
                }
                return true;
            });
        }
    }

    private void require(Access access, NamespacePath path, Inode inode) throws Refusal {
        if (!AccessRules.allows(requester, inode.attributes(), access)) {
            throw new Refusal(
                    ErrorCode.PERMISSION_DENIED,
                    AccessRules.denial(requester, access, path.toString(), inode.attributes(), inode.isDirectory()));
        }
    }
}
