package io.tractfs.bench.workload;

import io.tractfs.bench.plan.Family;

/** Makes workloads. Stateless, thread-safe. */
public final class Workloads {
    private static final int KIB = 1 << 10;

    private Workloads() {}

    /** The workload of a family at a site. */
    public static Workload of(Family family, Site site) {
        return switch (family) {
            case WRITE -> new WriteWorkload(site);
            case READ -> new ReadWorkload(site);
            case PREAD_4K -> new PositionedReadWorkload(site, 4 * KIB);
            case PREAD_64K -> new PositionedReadWorkload(site, 64 * KIB);
            case NAMESPACE -> new NamespaceWorkload(site);
            case CREATE_4K -> new SmallCreateWorkload(site);
            case OPEN_4K -> new OpenReadWorkload(site);
            case STAT -> new StatWorkload(site);
            case LIST -> new ListWorkload(site);
            case HFLUSH -> new FlushWorkload(site, false);
            case HSYNC -> new FlushWorkload(site, true);
        };
    }
}
