package io.tractfs.sim.store;

import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Peers;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService;
import io.tractfs.tract.gate.Admissions;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A tract server with one store: a disk and the process that serves it, again and again. Not thread-safe. */
public final class StoreNode implements Peers.StorePeer {
    private final SimulatedProcess process;
    private final StoreDisk disk;
    private final StoreWorld world;
    private final SplittableRandom random;
    private final DiskTiming.Speed speed;
    private final Set<Rule> off;
    private @Nullable StoreLife life;

    /** A store that has not started. */
    public StoreNode(StoreDisk disk, StoreWorld world, SplittableRandom random, DiskTiming.Speed speed, Set<Rule> off) {
        this.process = new SimulatedProcess(disk.toString(), world.time());
        this.disk = disk;
        this.world = world;
        this.random = random;
        this.speed = speed;
        this.off = off;
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    @Override
    public StoreService service() {
        StoreLife present = life;
        if (present == null) {
            throw new IllegalStateException(process + " has not started");
        }
        return present;
    }

    /** Its disk. */
    public StoreDisk disk() {
        return disk;
    }

    /** Starts it with what is on its disk. */
    public void start() {
        disk.raiseIncarnation();
        process.start();
        life = StoreLife.begin(this);
    }

    StoreParts parts(Admissions admissions) {
        return new StoreParts(disk, admissions, process, world, new DiskTiming(random.split(), speed), off);
    }
}
