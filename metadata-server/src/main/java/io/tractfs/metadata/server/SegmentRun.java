package io.tractfs.metadata.server;

import io.tractfs.id.FileId;
import io.tractfs.metadata.namespace.Segment;
import java.util.BitSet;

/** How far one step of a segment's change of replication has come. Confined to the replication thread. */
final class SegmentRun {
    static final int NONE = -1;

    private final FileId file;
    private final Segment segment;
    private final BitSet left = new BitSet();
    private int cursor;
    private int underWay;
    private boolean failed;
    private boolean advancing;

    SegmentRun(FileId file, Segment segment) {
        this.file = file;
        this.segment = segment;
        left.set(0, segment.tractCount());
    }

    FileId file() {
        return file;
    }

    Segment segment() {
        return segment;
    }

    /** Tries again what could not be done, once everything has been tried. */
    void beginPass() {
        if (underWay == 0 && cursor >= segment.tractCount()) {
            cursor = 0;
            failed = false;
        }
    }

    /** The next tract to try in this pass, {@link #NONE} if there is none. */
    int next() {
        int tract = left.nextSetBit(cursor);
        if (tract < 0) {
            cursor = segment.tractCount();
            return NONE;
        }
        cursor = tract + 1;
        underWay++;
        return tract;
    }

    void ended(int tract, boolean done) {
        underWay--;
        if (done) {
            left.clear(tract);
        } else {
            failed = true;
        }
    }

    /** Whether some tract could not be changed in this pass, and nothing is under way. */
    boolean isStuck() {
        return failed && underWay == 0;
    }

    boolean isDone() {
        return left.isEmpty();
    }

    boolean isAdvancing() {
        return advancing;
    }

    void advance() {
        advancing = true;
    }
}
