package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Empty files made, renamed to and fro, directories made, and all deleted one by one. Not thread-safe. */
final class NamespaceWorkload implements Workload {
    private static final int CREATE = 0;
    private static final int RENAME = 1;
    private static final int MKDIRS = 2;

    private final Site site;

    NamespaceWorkload(Site site) {
        this.site = site;
    }

    @Override
    public void prepare() {
        // Each round makes what it needs.
    }

    @Override
    public Round round() throws IOException {
        Path root = site.fresh("names");
        List<Names> all = new ArrayList<>();
        for (int thread = 0; thread < site.threads(); thread++) {
            Path own = new Path(root, "t" + thread);
            site.files().mkdirs(own);
            all.add(new Names(own));
        }
        return new Round() {
            @Override
            public List<Step> steps(int stage) throws IOException {
                for (Names names : all) {
                    names.check();
                }
                return all.stream().map(names -> names.step(stage)).toList();
            }

            @Override
            public void finish() throws IOException {
                for (Names names : all) {
                    names.check();
                }
                NewFiles.remove(site.files(), root);
            }
        };
    }

    /** What one thread made. Confined to one thread at a time. */
    private final class Names {
        private final Path root;
        private int files;
        private int directories;
        private int deleted;
        private long renames;

        Names(Path root) {
            this.root = root;
        }

        Step step(int stage) {
            return switch (stage) {
                case CREATE -> this::create;
                case RENAME -> this::rename;
                case MKDIRS -> this::mkdirs;
                default -> this::delete;
            };
        }

        private long create() throws IOException {
            NewFiles.create(site, name("f", files)).close();
            files++;
            return 1;
        }

        private long rename() throws IOException {
            if (files == 0) {
                return 0;
            }
            int number = (int) (renames % files);
            boolean back = renames / files % 2 == 1;
            Path from = name(back ? "r" : "f", number);
            Path to = name(back ? "f" : "r", number);
            if (!site.files().rename(from, to)) {
                throw new IOException("Cannot rename " + from + " to " + to);
            }
            renames++;
            return 1;
        }

        private long mkdirs() throws IOException {
            if (!site.files().mkdirs(name("d", directories))) {
                throw new IOException("Cannot make " + name("d", directories));
            }
            directories++;
            return 1;
        }

        private long delete() throws IOException {
            if (deleted == files + directories) {
                return 0;
            }
            Path path = deleted < files ? current(deleted) : name("d", deleted - files);
            if (!site.files().delete(path, false)) {
                throw new IOException("Cannot delete " + path);
            }
            deleted++;
            return 1;
        }

        private Path current(int number) {
            long passes = renames / Math.max(files, 1) + (number < renames % Math.max(files, 1) ? 1 : 0);
            return name(passes % 2 == 1 ? "r" : "f", number);
        }

        private Path name(String kind, int number) {
            return new Path(root, kind + number);
        }

        /** The directory holds as many entries as it should. */
        void check() throws IOException {
            int expected = files + directories - deleted;
            int found = site.files().listStatus(root).length;
            if (found != expected) {
                throw new IOException(root + " has " + found + " entries, not " + expected);
            }
        }
    }
}
