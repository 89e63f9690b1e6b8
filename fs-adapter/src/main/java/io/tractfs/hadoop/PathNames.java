package io.tractfs.hadoop;

/** Rules for paths that need no server. Immutable. */
final class PathNames {
    private PathNames() {}

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
