package io.tractfs.metadata.server;

import io.tractfs.id.ClusterId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Whose a metadata server's directory is, as text of which no byte can change unnoticed:
 *
 * <pre>
 * tractfs-metadata 1
 * cluster UUID
 * instance UUID
 * checksum CRC32C of the lines before, 8 hexadecimal digits
 * </pre>
 *
 * Directories of earlier programs have no checksum. Immutable.
 */
record DirectoryIdentity(ClusterId cluster, UUID instance) {
    private static final String MAGIC = "tractfs-metadata 1";
    private static final Pattern TEXT = Pattern.compile(
            "(" + MAGIC + "\ncluster ([0-9a-f-]{36})\ninstance ([0-9a-f-]{36})\n)(?:checksum ([0-9a-f]{8})\n)?");

    /** The text of the file. */
    String text() {
        String lines = MAGIC + "\ncluster " + cluster + "\ninstance " + instance + "\n";
        return lines + "checksum " + checksum(lines) + "\n";
    }

    /** Reads the text; empty if it is damaged or of another layout. */
    static Optional<DirectoryIdentity> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || (matcher.group(4) != null && !matcher.group(4).equals(checksum(matcher.group(1))))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new DirectoryIdentity(ClusterId.parse(matcher.group(2)), UUID.fromString(matcher.group(3))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String checksum(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
