package io.tractfs.bench.faults;

import java.io.IOException;

/** Signals to processes. Stateless, thread-safe. */
final class Signals {
    private Signals() {}

    /** Sends one by its name without SIG. */
    static void send(String signal, long pid) throws IOException {
        try {
            int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("Cannot send SIG" + signal + " to process " + pid);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
