package io.tractfs.cli;

import io.tractfs.cli.console.CommandFailure;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's root, and its main class. Confined to the command's thread. */
@Command(
        name = "tractfs",
        description = "TractFS, a distributed file system for Hadoop and Spark.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        subcommands = {
            QuickstartCommand.class,
            ClusterCommand.class,
            FsCommand.class,
            HadoopCommand.class,
            SparkCommand.class,
            FsckCommand.class,
            AdminCommand.class,
            MetadataServerCommand.class,
            TractServerCommand.class,
            BenchCommand.class,
            SimulateCommand.class,
            ClasspathCommand.class,
            VersionCommand.class
        },
        footer = {"", "Exit status: 0 success, 1 failure, 2 wrong usage."})
public final class TractFsCommand implements Runnable {
    /** Wrong usage. */
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    /** Made by picocli. */
    TractFsCommand() {
        this.spec = CommandSpec.create();
    }

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The whole tree of commands. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new TractFsCommand());
        commandLine.setExecutionExceptionHandler(TractFsCommand::failed);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpLongOptionsMaxWidth(40);
        return commandLine;
    }

    /** Shows a failure's message alone; anything else is a mistake of the program and shows all. */
    private static int failed(Exception failure, CommandLine commandLine, CommandLine.ParseResult result)
            throws Exception {
        if (failure instanceof CommandFailure) {
            PrintWriter err = commandLine.getErr();
            err.println("tractfs: " + failure.getMessage());
            err.flush();
            return 1;
        }
        throw failure;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
