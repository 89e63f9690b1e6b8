package io.tractfs.metadata.server;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;

/** Names of checkpoints in a trash directory, as Hadoop's {@code TrashPolicyDefault} makes and reads them. Immutable. */
final class TrashCheckpoints {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyMMddHHmmss", Locale.ROOT);
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyMMddHHmm", Locale.ROOT);
    private static final int SECONDS_DIGITS = 12;
    private static final int MINUTES_DIGITS = 10;

    private final ZoneId zone;

    /** Names in a time zone; Hadoop takes the one of the process. */
    TrashCheckpoints(ZoneId zone) {
        this.zone = zone;
    }

    /** The name of a checkpoint that is made now. */
    String name(long nowMs) {
        return SECONDS.format(Instant.ofEpochMilli(nowMs).atZone(zone));
    }

    /** When a checkpoint was made, ms since 1970; empty for what is no checkpoint. What follows the digits is ignored. */
    OptionalLong timeMs(String name) {
        int digits = 0;
        while (digits < name.length() && name.charAt(digits) >= '0' && name.charAt(digits) <= '9') {
            digits++;
        }
        try {
            if (digits >= SECONDS_DIGITS) {
                return at(LocalDateTime.parse(name.substring(0, SECONDS_DIGITS), SECONDS));
            } else if (digits >= MINUTES_DIGITS) {
                return at(LocalDateTime.parse(name.substring(0, MINUTES_DIGITS), MINUTES)
                        .truncatedTo(ChronoUnit.MINUTES));
            }
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    private OptionalLong at(LocalDateTime time) {
        return OptionalLong.of(time.atZone(zone).toInstant().toEpochMilli());
    }
}
