package io.tractfs.hadoop;

import org.apache.hadoop.fs.InvalidPathException;
import org.apache.hadoop.fs.Path;

/** Rules for paths that need no server. Immutable. */
final class PathNames {
    private PathNames() {}

    /** An absolute path as the server knows it. */
    static String onServer(Path absolute) {
        String name = absolute.toUri().getPath();
        if (name.isEmpty()) {
            return Path.SEPARATOR;
        }
        if (!isValid(name)) {
            throw new InvalidPathException(name);
        }
        // A slash may be left where a path was made from an URI such as "a/.".
        return name.length() > 1 && name.endsWith(Path.SEPARATOR) ? name.substring(0, name.length() - 1) : name;
    }

    /** Whether a path is absolute and has no component that means another one. */
    static boolean isValid(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        String[] components = path.split("/", -1);
        for (int i = 1; i < components.length; i++) {
            String component = components[i];
            if (component.equals(".") || component.equals("..")) {
                return false;
            }
            if (component.isEmpty() && i < components.length - 1) {
                return false;
            }
        }
        return true;
    }
}
