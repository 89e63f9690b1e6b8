package io.tractfs.differential;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Opens a file and reads here and there. Immutable. */
sealed interface ReadOperation extends Operation {
    @Override
    default boolean observesBytes() {
        return true;
    }

    /** A file is opened, these steps are done, it is closed; each step has an outcome of its own. */
    record Read(Actor actor, String path, boolean context, List<Step> steps) implements ReadOperation {
        @Override
        public String on(World world) throws Exception {
            Path file = world.path(path);
            try (FSDataInputStream in = context
                    ? world.context(actor).open(world.superuser().qualified(file))
                    : world.files(actor).open(file)) {
                StringBuilder text = new StringBuilder("opened");
                for (Step step : steps) {
                    text.append("; ").append(step.kind()).append(' ').append(outcome(step, in));
                }
                return text.toString();
            }
        }

        private static String outcome(Step step, FSDataInputStream in) {
            try {
                return step.on(in) + " at " + in.getPos();
            } catch (Exception e) {
                return Outcome.threw(e).compared();
            }
        }
    }

    /** What is done with an open stream. */
    enum Kind {
        READ,
        READ_BUFFER,
        READ_ALL,
        PREAD,
        PREAD_BUFFER,
        PREAD_FULLY,
        SEEK,
        SKIP,
        AVAILABLE,
        UNBUFFER
    }

    /** One step: a position, which some kinds ignore, and a number of bytes. Immutable. */
    record Step(Kind kind, long position, int count) {
        /** Does it; reads go on until they have what they ask for, since how much comes at once is nobody's promise. */
        String on(FSDataInputStream in) throws IOException {
            return switch (kind) {
                case READ -> {
                    byte[] bytes = new byte[count];
                    yield Rendering.bytes(bytes, in.readNBytes(bytes, 0, count));
                }
                case READ_BUFFER -> {
                    ByteBuffer buffer = ByteBuffer.allocate(count);
                    int last = 0;
                    while (buffer.hasRemaining() && last >= 0) {
                        last = in.read(buffer);
                    }
                    yield Rendering.bytes(buffer.array(), buffer.position()) + " last " + (last < 0 ? "end" : "more");
                }
                case READ_ALL -> {
                    byte[] bytes = in.readAllBytes();
                    yield Rendering.bytes(bytes, bytes.length);
                }
                case PREAD -> {
                    byte[] bytes = new byte[count];
                    int read = 0;
                    int last = 0;
                    while (read < count && last >= 0) {
                        last = in.read(position + read, bytes, read, count - read);
                        read += Math.max(last, 0);
                    }
                    yield Rendering.bytes(bytes, read) + (last < 0 ? " end" : "");
                }
                case PREAD_BUFFER -> {
                    ByteBuffer buffer = ByteBuffer.allocate(count);
                    int last = 0;
                    while (buffer.hasRemaining() && last >= 0) {
                        last = in.read(position + buffer.position(), buffer);
                    }
                    yield Rendering.bytes(buffer.array(), buffer.position()) + (last < 0 ? " end" : "");
                }
                case PREAD_FULLY -> {
                    byte[] bytes = new byte[count];
                    in.readFully(position, bytes);
                    yield Rendering.bytes(bytes, count);
                }
                case SEEK -> {
                    in.seek(position);
                    yield "sought";
                }
                case SKIP -> Long.toString(in.skip(position));
                case AVAILABLE -> Integer.toString(in.available());
                case UNBUFFER -> {
                    in.unbuffer();
                    yield "unbuffered";
                }
            };
        }
    }
}
