package io.tractfs.testkit.crash;

import java.util.List;

/**
 * One thing that a worker does, as its journal names it. Immutable.
 *
 * @param verb what
 * @param path to what
 * @param other the second path of a rename, else empty
 * @param number seed of the bytes of create and append, bytes of write, length of truncate, else 0
 */
record Step(Verb verb, String path, String other, long number) {
    /** What a worker can do. */
    enum Verb {
        MKDIRS,
        RENAME,
        DELETE,
        CREATE,
        APPEND,
        WRITE,
        HFLUSH,
        HSYNC,
        CLOSE,
        TRUNCATE
    }

    static Step of(Verb verb, String path) {
        return new Step(verb, path, "", 0);
    }

    static Step of(Verb verb, String path, long number) {
        return new Step(verb, path, "", number);
    }

    static Step rename(String from, String to) {
        return new Step(Verb.RENAME, from, to, 0);
    }

    String line() {
        return String.join("\t", verb.name(), path, other, Long.toString(number));
    }

    static Step parse(List<String> words) {
        return new Step(Verb.valueOf(words.get(0)), words.get(1), words.get(2), Long.parseLong(words.get(3)));
    }
}
