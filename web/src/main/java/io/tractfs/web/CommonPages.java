package io.tractfs.web;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Pages that every daemon has. Pure. */
public final class CommonPages {
    private CommonPages() {}

    /** Settings, one a line in the order of their keys; the values of secrets are left out. */
    public static String settings(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(settings).forEach((key, value) -> {
            String lower = key.toLowerCase(Locale.ROOT);
            boolean secret = lower.contains("secret") || lower.contains("password") || lower.contains("key.value");
            text.append(key).append('=').append(secret ? "(hidden)" : value).append('\n');
        });
        return text.toString();
    }

    /** The stacks of all threads of this process. */
    public static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            text.append('"')
                    .append(thread.getName())
                    .append("\" ")
                    .append(thread.getState())
                    .append('\n');
            for (StackTraceElement frame : frames) {
                text.append("    at ").append(frame).append('\n');
            }
        });
        return text.toString();
    }
}
