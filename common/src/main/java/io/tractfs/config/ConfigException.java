package io.tractfs.config;

import java.util.List;

/** The configuration is wrong; the message lists every problem. Immutable. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** One line per problem. */
    public ConfigException(List<String> problems) {
        super("Configuration is wrong:\n  " + String.join("\n  ", problems));
    }
}
