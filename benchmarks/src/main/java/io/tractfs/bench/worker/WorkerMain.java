package io.tractfs.bench.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tractfs.bench.plan.Case;
import io.tractfs.bench.plan.Stage;
import io.tractfs.bench.workload.Crew;
import io.tractfs.bench.workload.Round;
import io.tractfs.bench.workload.Site;
import io.tractfs.bench.workload.Workload;
import io.tractfs.bench.workload.Workloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * The client's process of one side: takes requests from standard input and answers on standard output, a line each.
 * Ends with its input. Confined to the main thread, but for the crew.
 */
public final class WorkerMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Crew crew = new Crew();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Map<String, String>, FileSystem> fileSystems = new HashMap<>();
    private @Nullable Workload prepared;

    private WorkerMain() {}

    /** Serves until the input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        WorkerMain worker = new WorkerMain();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (true) {
                String line = in.readLine();
                if (line == null) {
                    break;
                }
                Reply reply = worker.answer(JSON.readValue(line, Request.class));
                out.println(JSON.writeValueAsString(reply));
                out.flush();
            }
        }
        System.exit(0);
    }

    /** Whatever goes wrong is the conductor's to show: it is the answer. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    private Reply answer(Request request) {
        try {
            return new Reply(
                    switch (request.action()) {
                        case PREPARE -> prepare(request);
                        case ROUND -> round(request);
                    },
                    "");
        } catch (IOException | RuntimeException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return new Reply(List.of(), trace.toString());
        }
    }

    private List<Sample> prepare(Request request) throws IOException {
        Case one = request.one();
        Site site = new Site(
                fileSystem(request.settings()),
                one.threads(),
                (short) Math.max(1, one.replication()),
                request.fileBytes(),
                crew,
                numbers);
        Workload workload = Workloads.of(one.family(), site);
        workload.prepare();
        prepared = workload;
        return List.of();
    }

    private List<Sample> round(Request request) throws IOException {
        Workload workload = prepared;
        if (workload == null) {
            throw new IOException("Nothing is prepared.");
        }
        Round round = workload.round();
        StageRunner runner = new StageRunner(crew, request.servers());
        List<Stage> stages = request.one().family().stages();
        List<Sample> samples = new ArrayList<>();
        for (int index = 0; index < stages.size(); index++) {
            Stage stage = stages.get(index);
            samples.add(runner.run(stage.name(), round.steps(index), (long) (request.millis() * stage.share())));
        }
        round.finish();
        return samples;
    }

    private FileSystem fileSystem(Map<String, String> settings) throws IOException {
        FileSystem known = fileSystems.get(settings);
        if (known != null) {
            return known;
        }
        Configuration configuration = new Configuration();
        settings.forEach(configuration::set);
        FileSystem made = FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration);
        fileSystems.put(settings, made);
        return made;
    }
}
