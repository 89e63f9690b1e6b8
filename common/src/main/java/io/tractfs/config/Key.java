package io.tractfs.config;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One configuration key. Component config classes hold these as constants; a test holds them and
 * {@code docs/configuration.md} together. Immutable.
 *
 * @param <T> type of the value
 * @param name as users write it, such as {@code tract.store.dirs}
 * @param defaultText default in the form that users write; empty means "must be set" or "none", as the doc says
 * @param unit what the value is measured in, for the docs: {@code size}, {@code duration}, {@code count}, {@code text}…
 * @param doc one or two sentences: what it does, its range
 * @param parser reads the text; throws IllegalArgumentException with what was expected
 */
public record Key<T>(String name, String defaultText, String unit, String doc, Function<String, T> parser) {
    /** A text. */
    public static Key<String> text(String name, String defaultText, String doc) {
        return new Key<>(name, defaultText, "text", doc, text -> text.trim());
    }

    /** A yes or no. */
    public static Key<Boolean> flag(String name, boolean byDefault, String doc) {
        return new Key<>(name, Boolean.toString(byDefault), "true|false", doc, Key::parseFlag);
    }

    /** A whole number within a range, ends included. */
    public static Key<Integer> count(String name, int byDefault, int least, int most, String doc) {
        return new Key<>(
                name, Integer.toString(byDefault), "count", doc + " Range: " + least + " to " + most + ".", text ->
                        (int) inRange(parseLong(text), least, most));
    }

    /** A size in bytes within a range, written as {@code 8MiB}, {@code 512KiB} or a plain number. */
    public static Key<Long> size(String name, String byDefault, long least, long most, String doc) {
        return new Key<>(
                name,
                byDefault,
                "size",
                doc + " Range: " + least + " to " + most + " bytes.",
                text -> inRange(parseSize(text), least, most));
    }

    /** A duration, written as {@code 3s}, {@code 250ms}, {@code 5m}, {@code 1h}, {@code 1d}. */
    public static Key<Duration> duration(String name, String byDefault, Duration least, Duration most, String doc) {
        return new Key<>(
                name,
                byDefault,
                "duration",
                doc + " Range: " + least.toMillis() + "ms to " + most.toMillis() + "ms.",
                text -> Duration.ofMillis(inRange(parseDurationMs(text), least.toMillis(), most.toMillis())));
    }

    /** Microseconds within a range, ends included, as a plain number: the key's name says the unit. */
    public static Key<Integer> micros(String name, int byDefault, int least, int most, String doc) {
        return new Key<>(
                name, Integer.toString(byDefault), "µs", doc + " Range: " + least + " to " + most + ".", text ->
                        (int) inRange(parseLong(text), least, most));
    }

    /** Bytes of a size such as {@code 8MiB}; units B, KiB, MiB, GiB, TiB and Hadoop's k, m, g, t. */
    public static long parseSize(String text) {
        String lower = text.trim().toLowerCase(Locale.ROOT);
        String[] suffixes = {"kib", "mib", "gib", "tib", "k", "m", "g", "t"};
        for (int i = 0; i < suffixes.length; i++) {
            if (lower.endsWith(suffixes[i])) {
                long number = parseLong(lower.substring(0, lower.length() - suffixes[i].length()));
                return Math.multiplyExact(number, 1L << (10 * (i % 4 + 1)));
            }
        }
        return parseLong(lower.endsWith("b") ? lower.substring(0, lower.length() - 1) : lower);
    }

    /**
     * Milliseconds of a duration such as {@code 3s}; a plain number is refused, since its unit would be a guess, but for 0,
     * which is the same in all.
     */
    public static long parseDurationMs(String text) {
        String lower = text.trim().toLowerCase(Locale.ROOT);
        if (lower.equals("0")) {
            return 0;
        }
        String[] suffixes = {"ms", "s", "m", "h", "d"};
        TimeUnit[] units = {TimeUnit.MILLISECONDS, TimeUnit.SECONDS, TimeUnit.MINUTES, TimeUnit.HOURS, TimeUnit.DAYS};
        for (int i = 0; i < suffixes.length; i++) {
            if (lower.endsWith(suffixes[i])) {
                long number = parseLong(lower.substring(0, lower.length() - suffixes[i].length()));
                return units[i].toMillis(number);
            }
        }
        throw new IllegalArgumentException("expected a duration such as 250ms, 3s, 5m, 1h or 1d");
    }

    private static boolean parseFlag(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    private static long parseLong(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number", e);
        }
    }

    private static long inRange(long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("expected " + least + " to " + most);
        }
        return value;
    }
}
