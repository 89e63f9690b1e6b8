package io.tractfs.it.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Writes, reads, lists, renames and deletes on the default file system; prints {@code PROBE OK} if all was right. */
public final class ReadWriteProbe {
    private ReadWriteProbe() {}

    /** One argument: a directory of its own. */
    public static void main(String[] arguments) throws IOException {
        Configuration configuration = new Configuration();
        Path directory = new Path(arguments[0]);
        byte[] bytes = new byte[20_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 11));
        }
        try (FileSystem files = FileSystem.get(configuration)) {
            Path file = new Path(directory, "file");
            try (OutputStream out = files.create(file, true)) {
                out.write(bytes);
            }
            Path moved = new Path(directory, "moved");
            check(files.rename(file, moved), "rename");
            try (InputStream in = files.open(moved)) {
                check(Arrays.equals(in.readAllBytes(), bytes), "bytes");
            }
            try (FSDataInputStream in = files.open(moved)) {
                byte[] some = new byte[1_000];
                in.readFully(9_000_001, some);
                check(Arrays.equals(some, 0, 1_000, bytes, 9_000_001, 9_001_001), "positioned bytes");
            }
            check(files.listStatus(directory).length == 1, "listing");
            FileContext context = FileContext.getFileContext(configuration);
            Path second = new Path(directory, "second");
            context.create(second, java.util.EnumSet.of(CreateFlag.CREATE)).close();
            context.rename(second, moved, Options.Rename.OVERWRITE);
            check(files.getFileStatus(moved).getLen() == 0, "overwriting rename");
            check(files.delete(directory, true), "delete");
        }
        System.out.println("PROBE OK");
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("wrong: " + what);
        }
    }
}
