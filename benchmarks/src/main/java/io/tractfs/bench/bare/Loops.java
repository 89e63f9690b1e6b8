package io.tractfs.bench.bare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same call over and over on some threads. Stateless, thread-safe. */
final class Loops {
    private Loops() {}

    /** A call that returns what it did. */
    @FunctionalInterface
    interface Call {
        /** Does it once. */
        long run() throws IOException;
    }

    /** What all of the calls did, in a second; one thread for each. */
    static double perSecond(List<Call> calls, long millis) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            long start = System.nanoTime();
            long deadline = start + millis * 1_000_000;
            List<Callable<Long>> loops = new ArrayList<>();
            for (Call call : calls) {
                loops.add(() -> {
                    long done = 0;
                    while (System.nanoTime() - deadline < 0) {
                        done += call.run();
                    }
                    return done;
                });
            }
            long sum = 0;
            for (Future<Long> future : threads.invokeAll(loops)) {
                sum += future.get();
            }
            return sum * 1e9 / (System.nanoTime() - start);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
