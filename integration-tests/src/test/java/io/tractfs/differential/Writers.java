package io.tractfs.differential;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Output streams that are open, some in slots where operations find them, others left behind. Confined to the run's
 * thread.
 */
final class Writers {
    private static final int MOST_WAIT_SECONDS = 30;

    private final Subject subject;
    private final Map<Integer, Writer> slots = new HashMap<>();
    private final List<Writer> open = new ArrayList<>();
    private int opened;

    Writers(Subject subject) {
        this.subject = subject;
    }

    /** A stream with its state in this run. */
    private static final class Writer {
        final int number;
        final Actor actor;
        final FSDataOutputStream stream;
        final Path file;
        boolean dirty;
        boolean wrote;
        boolean lost;

        Writer(int number, Actor actor, FSDataOutputStream stream, Path file) {
            this.number = number;
            this.actor = actor;
            this.stream = stream;
            this.file = file;
        }
    }

    /** Takes a new stream; one that was in the slot stays open and is closed at the end. */
    String add(Actor actor, int slot, FSDataOutputStream stream, Path path) throws IOException {
        Writer writer = new Writer(opened++, actor, stream, subject.lastingName(stream, path));
        slots.put(slot, writer);
        open.add(writer);
        return "at " + stream.getPos();
    }

    /** Whether what the writer of a slot does can be compared: it has not lost its file. */
    boolean isLost(int slot) {
        Writer writer = slots.get(slot);
        return writer != null && writer.lost;
    }

    /** Writes. */
    String write(int slot, byte[] bytes) throws IOException {
        Writer writer = slots.get(slot);
        if (writer == null) {
            return "no writer";
        }
        writer.dirty = true;
        writer.wrote |= bytes.length > 0;
        writer.stream.write(bytes);
        return "at " + writer.stream.getPos();
    }

    /** Flushes to all members, and with {@code disk} to their disks. */
    String flush(int slot, boolean disk) throws IOException {
        Writer writer = slots.get(slot);
        if (writer == null) {
            return "no writer";
        }
        if (disk) {
            writer.stream.hsync();
        } else {
            writer.stream.hflush();
        }
        writer.dirty = false;
        return "at " + writer.stream.getPos();
    }

    /** Closes and empties the slot. */
    String close(int slot) throws IOException {
        Writer writer = slots.remove(slot);
        if (writer == null) {
            return "no writer";
        }
        open.remove(writer);
        writer.stream.close();
        return "closed";
    }

    /** Leaves a stream behind, open. */
    String leave(int slot) {
        return slots.remove(slot) == null ? "no writer" : "left";
    }

    /** Whether a stream is open. */
    boolean anyOpen() {
        return !open.isEmpty();
    }

    /** Streams that an actor has open. */
    List<FSDataOutputStream> streamsOf(Actor actor) {
        return open.stream()
                .filter(writer -> writer.actor == actor)
                .map(writer -> writer.stream)
                .toList();
    }

    /** Waits until no file is being taken from its stream; false if none was. */
    boolean awaitRecoveries() throws IOException {
        boolean any = false;
        for (Writer writer : open) {
            if (subject.isBeingTaken(writer.stream)) {
                any = true;
                Waiting.until(subject, () -> !subject.isBeingTaken(writer.stream));
            }
        }
        return any;
    }

    /** Numbers of the streams whose files were deleted, replaced or taken over since. */
    Set<Integer> findLost() throws IOException {
        Set<Integer> lost = new TreeSet<>();
        for (Writer writer : open) {
            if (writer.lost || !subject.isHeldBy(writer.stream)) {
                lost.add(writer.number);
            }
        }
        return lost;
    }

    /**
     * Waits until the files of those streams are closed which were not known to be lost: of the one that slept.
     *
     * @return those whose files stay open
     */
    Set<Integer> awaitTaken(Set<Integer> numbers) throws IOException {
        Set<Integer> kept = new TreeSet<>();
        LeaseRecoverable files =
                (LeaseRecoverable) subject.session(Actor.SUPERUSER).files();
        for (Writer writer : open) {
            if (!writer.lost
                    && writer.actor == Actor.SLEEPER
                    && numbers.contains(writer.number)
                    && !Waiting.isIt(subject, () -> isClosedOrGone(files, writer.file), MOST_WAIT_SECONDS)) {
                kept.add(writer.number);
            }
        }
        return kept;
    }

    private static boolean isClosedOrGone(LeaseRecoverable files, Path file) throws IOException {
        try {
            return files.isFileClosed(file);
        } catch (FileNotFoundException e) {
            return true;
        }
    }

    /** Says which streams lost their files. */
    void markLost(Set<Integer> numbers) {
        for (Writer writer : open) {
            writer.lost |= numbers.contains(writer.number);
        }
    }

    /** Flushes all that can be. */
    void settle() throws IOException {
        for (Writer writer : open) {
            if (writer.dirty && !writer.lost) {
                writer.stream.hflush();
                writer.dirty = false;
            }
        }
    }

    /** Closes every stream, in the order in which they were opened. */
    String closeAll() {
        StringBuilder text = new StringBuilder();
        for (Writer writer : List.copyOf(open)) {
            text.append(writer.number).append(' ').append(closing(writer)).append('\n');
        }
        open.clear();
        slots.clear();
        return text.toString();
    }

    private static String closing(Writer writer) {
        @Nullable Exception failure = null;
        try {
            writer.stream.close();
        } catch (Exception e) {
            failure = e;
        }
        if (writer.lost) {
            // To close without having written anything succeeds in HDFS where the last block is as it was.
            return failure == null && writer.wrote ? "closed, though its file is lost" : "lost";
        }
        return failure == null ? "closed" : Outcome.threw(failure).toString();
    }
}
