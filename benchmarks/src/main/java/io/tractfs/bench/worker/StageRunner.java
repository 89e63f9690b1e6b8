package io.tractfs.bench.worker;

import io.tractfs.bench.workload.Crew;
import io.tractfs.bench.workload.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the steps of a stage for a time and measures them. Confined to the worker's main thread. */
final class StageRunner {
    private final Crew crew;
    private final List<Long> servers;

    StageRunner(Crew crew, List<Long> servers) {
        this.crew = crew;
        this.servers = List.copyOf(servers);
    }

    /** What one thread did. */
    private record Part(long calls, long amount, LatencyHistogram latencies) {}

    /** Runs every thread's step until the time is over or nothing is left. */
    Sample run(String name, List<Step> steps, long millis) throws IOException {
        AtomicLong started = new AtomicLong();
        CyclicBarrier together = new CyclicBarrier(steps.size(), () -> started.set(System.nanoTime()));
        List<Long> self = List.of(ProcessHandle.current().pid());
        Usage clientBefore = Usage.of(self);
        Usage serversBefore = Usage.of(servers);
        long allocatedBefore = Allocations.bytes();
        List<Callable<Part>> parts = new ArrayList<>();
        for (Step step : steps) {
            parts.add(() -> {
                together.await();
                return repeat(step, started.get() + millis * 1_000_000);
            });
        }
        List<Part> done = crew.together(parts);
        long elapsed = System.nanoTime() - started.get();
        long allocated = Math.max(0, Allocations.bytes() - allocatedBefore);
        Usage client = Usage.of(self).since(clientBefore);
        Usage server = Usage.of(servers).since(serversBefore);
        LatencyHistogram latencies = new LatencyHistogram();
        done.forEach(part -> latencies.addAll(part.latencies()));
        return new Sample(
                name,
                done.stream().mapToLong(Part::calls).sum(),
                done.stream().mapToLong(Part::amount).sum(),
                elapsed,
                client,
                server,
                allocated,
                latencies.sparse());
    }

    private static Part repeat(Step step, long deadlineNanos) throws IOException {
        LatencyHistogram latencies = new LatencyHistogram();
        long calls = 0;
        long amount = 0;
        long before = System.nanoTime();
        while (before - deadlineNanos < 0) {
            long done = step.run();
            if (done == 0) {
                break;
            }
            long after = System.nanoTime();
            latencies.add(after - before);
            before = after;
            calls++;
            amount += done;
        }
        step.end();
        return new Part(calls, amount, latencies);
    }
}
