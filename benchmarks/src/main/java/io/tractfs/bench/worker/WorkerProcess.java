package io.tractfs.bench.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The conductor's end of a worker. Confined to the conductor's thread. */
public final class WorkerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final BufferedReader in;
    private final OutputStream out;

    /** Takes over a process that runs {@link WorkerMain}; its standard output must be a pipe. */
    public WorkerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.out = process.getOutputStream();
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws IOException if the worker failed at it, with the worker's own words, or is gone
     */
    public List<Sample> ask(Request request) throws IOException {
        out.write((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        String line = in.readLine();
        if (line == null) {
            throw new IOException("The client of " + name + " is gone; its log says why.");
        }
        Reply reply = JSON.readValue(line, Reply.class);
        if (!reply.error().isEmpty()) {
            throw new IOException(name + ": " + reply.error());
        }
        return reply.samples();
    }

    /** Ends it. */
    @Override
    public void close() {
        process.destroy();
    }
}
