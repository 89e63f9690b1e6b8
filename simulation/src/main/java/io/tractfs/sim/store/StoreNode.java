package io.tractfs.sim.store;

import io.tractfs.id.Incarnation;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Peers;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService;
import io.tractfs.tract.gate.Admissions;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One store of a tract server: a disk, and what serves it in each life of the process. Not thread-safe. */
public final class StoreNode implements Peers.StorePeer {
    private final StoreProcess server;
    private final StoreWorld world;
    private final SplittableRandom random;
    private final DiskTiming.Speed speed;
    private final Set<Rule> off;
    private StoreDisk disk;
    private @Nullable StoreLife life;

    /** A store that has not started. */
    public StoreNode(
            StoreProcess server,
            StoreDisk disk,
            StoreWorld world,
            SplittableRandom random,
            DiskTiming.Speed speed,
            Set<Rule> off) {
        this.server = server;
        this.disk = disk;
        this.world = world;
        this.random = random;
        this.speed = speed;
        this.off = off;
        server.add(this);
    }

    @Override
    public SimulatedProcess process() {
        return server.process();
    }

    @Override
    public StoreService service() {
        StoreLife present = life;
        if (present == null) {
            throw new IllegalStateException(process() + " has not started");
        }
        return present;
    }

    /** Every store of its process, itself too. */
    public List<StoreNode> siblings() {
        return server.stores();
    }

    /** Its disk. */
    public StoreDisk disk() {
        return disk;
    }

    /** Puts another disk in, which is another store. The process must not run. */
    public void insert(StoreDisk other) {
        disk = other;
        life = null;
    }

    /** Starts its process with what is on the disks. */
    public void start() {
        server.start();
    }

    void begin() {
        boolean first = disk.ref().incarnation().equals(Incarnation.NONE);
        if (first || !off.contains(Rule.STARTS_HAVE_NUMBERS_OF_THEIR_OWN)) {
            disk.raiseIncarnation(process().clock().wallMs());
        }
        life = StoreLife.begin(this);
    }

    StoreParts parts(Admissions admissions) {
        return new StoreParts(disk, admissions, server, world, new DiskTiming(random.split(), speed), off);
    }

    @Override
    public String toString() {
        return disk.toString();
    }
}
