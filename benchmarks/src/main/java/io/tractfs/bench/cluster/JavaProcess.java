package io.tractfs.bench.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM with this process's class path. Immutable. */
public final class JavaProcess {
    private final String mainClass;
    private final List<String> options;
    private final List<String> arguments;

    /** A class to run, with the JVM's options and the class's arguments. */
    public JavaProcess(String mainClass, List<String> options, List<String> arguments) {
        this.mainClass = mainClass;
        this.options = List.copyOf(options);
        this.arguments = List.copyOf(arguments);
    }

    /** Starts it; standard error goes to a log. */
    public Process start(Path log) throws IOException {
        return builder()
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Starts it without input; all output goes to a log. */
    public Process startDaemon(Path log) throws IOException {
        return builder()
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private ProcessBuilder builder() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Duser.timezone=UTC");
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Djava.net.preferIPv4Stack=true");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.contains("tryReflectionSetAccess"))
                .forEach(command::add);
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
