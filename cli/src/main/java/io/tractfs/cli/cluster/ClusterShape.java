package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.id.ClusterId;
import io.tractfs.table.ClassSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a user says of a cluster, each part of it or none. Immutable.
 *
 * @param metadataServers number of metadata servers
 * @param tractServers number of tract servers
 * @param storesPerServer number of stores of each
 * @param replication columns
 * @param portBase first port
 * @param host address to listen on
 * @param settings the user's own settings
 */
public record ClusterShape(
        Optional<Integer> metadataServers,
        Optional<Integer> tractServers,
        Optional<Integer> storesPerServer,
        Optional<Integer> replication,
        Optional<Integer> portBase,
        Optional<String> host,
        Map<String, String> settings) {
    private static final int DEFAULT_TRACT_SERVERS = 3;
    private static final int DEFAULT_COLUMNS = 3;
    private static final int DEFAULT_PORT_BASE = 7610;
    private static final int PORT_STEP = 100;
    private static final int MAX_PORT_BASE = 32_000;
    private static final int LEAST_PORT = 1024;
    private static final int MAX_STORES = 64;

    /** A plan of a new cluster; ports that nobody named are chosen among the free ones. */
    public ClusterPlan fresh() throws CommandFailure {
        ClusterPlan plan = new ClusterPlan(
                new ClusterId(UUID.randomUUID()),
                host.orElse("127.0.0.1"),
                portBase.orElse(DEFAULT_PORT_BASE),
                oneOrThree(metadataServers.orElse(1)),
                inRange(
                        "--tract-servers",
                        tractServers.orElse(DEFAULT_TRACT_SERVERS),
                        1,
                        ClusterPlan.MAX_TRACT_SERVERS),
                inRange("--stores-per-server", storesPerServer.orElse(1), 1, MAX_STORES),
                inRange("--replication", replication.orElse(DEFAULT_COLUMNS), 1, ClassSet.MAX_COLUMNS),
                settings,
                Set.of());
        inRange("--port-base", plan.portBase(), LEAST_PORT, 65_535);
        if (portBase.isPresent()) {
            return checked(plan);
        }
        while (!Ports.taken(plan, plan.servers()).isEmpty() && plan.portBase() < MAX_PORT_BASE) {
            plan = plan.withPortBase(plan.portBase() + PORT_STEP);
        }
        return checked(plan);
    }

    private static ClusterPlan checked(ClusterPlan plan) throws CommandFailure {
        if (!plan.fits()) {
            throw new CommandFailure("Ports from " + plan.portBase() + " on are not enough for " + plan.tractServers()
                    + " tract servers; choose a lower --port-base.");
        }
        return plan;
    }

    /** What was said, over the plan of a cluster that is there; only settings may differ from it. */
    public ClusterPlan over(ClusterPlan plan) throws CommandFailure {
        List<String> problems = new ArrayList<>();
        same("--metadata-servers", metadataServers, plan.metadataServers(), problems);
        same("--tract-servers", tractServers, plan.tractServers(), problems);
        same("--stores-per-server", storesPerServer, plan.storesPerServer(), problems);
        same("--replication", replication, plan.columns(), problems);
        same("--port-base", portBase, plan.portBase(), problems);
        same("--host", host, plan.host(), problems);
        if (!problems.isEmpty()) {
            throw new CommandFailure("The cluster is there already, and was made with other options: "
                    + String.join(", ", problems) + ". Tract servers are added by 'tractfs cluster add-tract-server'.");
        }
        return plan.withOverrides(settings);
    }

    private static <T> void same(String option, Optional<T> said, T there, List<String> problems) {
        if (said.isPresent() && !said.get().equals(there)) {
            problems.add(option + " is " + there);
        }
    }

    /** Two cannot do without each other, so they are no better than one. */
    private static int oneOrThree(int value) throws CommandFailure {
        if (value != 1 && value != ClusterPlan.MAX_METADATA_SERVERS) {
            throw new CommandFailure("--metadata-servers must be 1 or 3, not " + value + ".");
        }
        return value;
    }

    private static int inRange(String option, int value, int least, int most) throws CommandFailure {
        if (value < least || value > most) {
            throw new CommandFailure(option + " must be from " + least + " to " + most + ", not " + value + ".");
        }
        return value;
    }
}
