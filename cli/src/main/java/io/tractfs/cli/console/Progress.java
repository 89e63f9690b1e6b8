package io.tractfs.cli.console;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells the user what goes on, on standard error: a line that is rewritten when it is a terminal, else a line now and
 * then. Confined to the command's thread.
 */
public final class Progress {
    private static final long PLAIN_INTERVAL_NANOS = 5_000_000_000L;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final long startedNanos = System.nanoTime();
    private long lastNanos;
    private boolean dirty;

    /** Progress to a stream. */
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.lastNanos = startedNanos;
    }

    /** Progress on standard error, which is a terminal if the launcher says so. */
    public static Progress standard() {
        return new Progress(System.err, Boolean.getBoolean("tractfs.progress.terminal"));
    }

    /** Something that passes: it may be overwritten by the next line, or left out. */
    public void now(String text) {
        if (terminal) {
            out.print(ERASE_LINE + stamp() + text);
            out.flush();
            dirty = true;
        } else if (System.nanoTime() - lastNanos >= PLAIN_INTERVAL_NANOS) {
            lastNanos = System.nanoTime();
            out.println(stamp() + text);
        }
    }

    /** Something that stays. */
    public void line(String text) {
        out.println((dirty ? ERASE_LINE : "") + stamp() + text);
        dirty = false;
    }

    /** Removes what passes. */
    public void clear() {
        if (dirty) {
            out.print(ERASE_LINE);
            out.flush();
            dirty = false;
        }
    }

    private String stamp() {
        return String.format(Locale.ROOT, "[%6.1f s] ", (System.nanoTime() - startedNanos) / 1e9);
    }
}
