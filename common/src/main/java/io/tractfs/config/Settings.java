package io.tractfs.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Key → text, as read from a file or from Hadoop's configuration; turned into typed values by a component's config
 * class through {@link Reader}, which collects every problem before it complains. Immutable.
 *
 * @param values what was set; keys that are absent take their default
 */
public record Settings(Map<String, String> values) {
    /** Copies the map. */
    public Settings {
        values = Map.copyOf(values);
    }

    /** These settings with others over them. */
    public Settings with(Map<String, String> over) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.putAll(over);
        return new Settings(all);
    }

    /** A reader of these settings. */
    public Reader reader() {
        return new Reader(values);
    }

    /** Reads keys and collects problems; not thread-safe. */
    public static final class Reader {
        private final Map<String, String> values;
        private final List<String> problems = new ArrayList<>();
        private final TreeSet<String> known = new TreeSet<>();

        private Reader(Map<String, String> values) {
            this.values = values;
        }

        /** The value of a key, its default where it is not set or not right (the problem is then kept). */
        public <T> T get(Key<T> key) {
            known.add(key.name());
            String text = values.get(key.name());
            if (text != null) {
                try {
                    return key.parser().apply(text);
                } catch (IllegalArgumentException | ArithmeticException e) {
                    problems.add(key.name() + " = '" + text + "': " + e.getMessage());
                }
            }
            return key.parser().apply(key.defaultText());
        }

        /** Keeps a problem that the component found itself. */
        public void problem(String text) {
            problems.add(text);
        }

        /**
         * Complains about everything at once.
         *
         * @param prefixes settings that begin with one of these and were never read are unknown keys
         * @throws ConfigException naming each wrong value and each unknown key
         */
        public void finish(Collection<String> prefixes) throws ConfigException {
            for (String name : new TreeSet<>(values.keySet())) {
                if (!known.contains(name) && prefixes.stream().anyMatch(name::startsWith)) {
                    problems.add(name + ": unknown key");
                }
            }
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
        }
    }
}
