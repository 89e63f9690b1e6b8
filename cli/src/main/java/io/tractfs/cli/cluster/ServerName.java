package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a process of a local cluster, such as {@code metadata-1} or {@code tract-3}. Immutable.
 *
 * @param kind what it is
 * @param number from 1
 */
public record ServerName(Kind kind, int number) {
    private static final Pattern FORM = Pattern.compile("(metadata|tract)-([1-9][0-9]{0,3})");

    /** What a process is. */
    public enum Kind {
        /** A metadata server. */
        METADATA("metadata", "metadata-server"),
        /** A tract server. */
        TRACT("tract", "tract-server");

        private final String prefix;
        private final String command;

        Kind(String prefix, String command) {
            this.prefix = prefix;
            this.command = command;
        }

        /** The launcher's command that runs it. */
        public String command() {
            return command;
        }
    }

    /** The metadata server. */
    public static ServerName metadata(int number) {
        return new ServerName(Kind.METADATA, number);
    }

    /** A tract server. */
    public static ServerName tract(int number) {
        return new ServerName(Kind.TRACT, number);
    }

    /** Reads a name. */
    public static ServerName parse(String text) throws CommandFailure {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new CommandFailure(
                    "'" + text + "' is not a name of a server; such are metadata-1, tract-1, tract-2.");
        }
        Kind kind = matcher.group(1).equals(Kind.METADATA.prefix) ? Kind.METADATA : Kind.TRACT;
        return new ServerName(kind, Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return kind.prefix + "-" + number;
    }
}
