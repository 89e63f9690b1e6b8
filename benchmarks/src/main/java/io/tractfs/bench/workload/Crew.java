package io.tractfs.bench.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The worker's threads; the same ones run everything, so that what a library keeps per thread stays warm. Thread-safe. */
public final class Crew {
    /** Most threads of a workload. */
    public static final int SIZE = 32;

    /** Work with an index, which may fail. */
    @FunctionalInterface
    public interface Task {
        /** Does the work with an index. */
        void run(int index) throws IOException;
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(SIZE, work -> {
        Thread thread = new Thread(work, "bench-crew");
        thread.setDaemon(true);
        return thread;
    });

    /** Runs all at the same time and returns their results in order; at most {@link #SIZE}. */
    public <T> List<T> together(List<Callable<T>> work) throws IOException {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> one : work) {
            futures.add(threads.submit(one));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(await(future));
        }
        return results;
    }

    /** Does tasks 0 to count - 1, as many at a time as there are threads. */
    void forEach(int count, int parallel, Task task) throws IOException {
        List<Callable<Integer>> work = new ArrayList<>();
        for (int worker = 0; worker < parallel; worker++) {
            int first = worker;
            work.add(() -> {
                for (int index = first; index < count; index += parallel) {
                    task.run(index);
                }
                return first;
            });
        }
        together(work);
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        }
    }
}
