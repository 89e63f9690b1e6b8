package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import java.io.IOException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** One file system in one run: a directory of its own and the streams that are open. Confined to the run's thread. */
final class World {
    private final Subject subject;
    private final Path root;
    private final StepClock clock;
    private final Writers writers;
    /** Whether a file may have blocks that HDFS ends where TractFS knows no end. */
    private boolean blocksApart;

    private @Nullable Sleeper sleeper;

    /** A world below a directory. */
    World(Subject subject, Path root, StepClock clock) {
        this.subject = subject;
        this.root = root;
        this.clock = clock;
        this.writers = new Writers(subject);
    }

    Subject subject() {
        return subject;
    }

    Writers writers() {
        return writers;
    }

    /** Puts answers that an actor got into words. */
    Rendering rendering(Actor actor) {
        return new Rendering(subject, subject.session(actor), root, clock, blocksApart);
    }

    /** From here on files may have blocks in HDFS that are shorter than those of TractFS, which has logical ones. */
    void blocksPart() {
        blocksApart = true;
    }

    /** Whether that is so. */
    boolean blocksApart() {
        return blocksApart;
    }

    StepClock clock() {
        return clock;
    }

    FileSystem files(Actor actor) throws IOException {
        return session(actor).files();
    }

    FileContext context(Actor actor) throws IOException {
        return session(actor).context();
    }

    Session superuser() {
        return subject.session(Actor.SUPERUSER);
    }

    /** The client of an actor; the sleeper's is made when it is first asked for. */
    Session session(Actor actor) throws IOException {
        return actor == Actor.SLEEPER ? sleeper().session() : subject.session(actor);
    }

    private Sleeper sleeper() throws IOException {
        Sleeper known = sleeper;
        if (known == null) {
            known = subject.sleeper();
            sleeper = known;
        }
        return known;
    }

    /** The sleeper renews no more. Its files can be taken from it when this returns. */
    void fallAsleep() throws IOException {
        sleeper().fallAsleep(writers.streamsOf(Actor.SLEEPER));
        sleeper().outlastSoftLimit();
    }

    /** The sleeper renews again. */
    void wake() throws IOException {
        sleeper().wake();
    }

    /** A path below the directory of this run; the empty text is the directory itself. */
    Path path(String text) {
        return text.isEmpty() ? root : new Path(root + "/" + text);
    }

    /** Does an operation. */
    Outcome apply(Operation operation) {
        try {
            if (sleeper != null) {
                sleeper.stayAsleep();
            }
            return Outcome.returned(operation.on(this));
        } catch (Exception e) {
            return Outcome.threw(e);
        }
    }

    /** Closes every stream; who sleeps is woken for that. */
    String closeStreams() throws IOException {
        if (sleeper != null) {
            sleeper.wake();
        }
        return writers.closeAll();
    }

    /** Makes the directory, open to all. */
    void begin() throws IOException {
        FileSystem files = superuser().files();
        files.mkdirs(root);
        files.setPermission(root, new org.apache.hadoop.fs.permission.FsPermission((short) 0777));
    }

    /** Closes what is open and removes the directory. */
    void end() throws IOException {
        String unused = closeStreams();
        if (sleeper != null) {
            sleeper.close();
        }
        superuser().files().delete(root, true);
    }
}
