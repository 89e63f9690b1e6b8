package io.tractfs.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code version}: which TractFS this is. Confined to the command's thread. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Override
    public Integer call() {
        System.out.println(line());
        return 0;
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }

    private static String line() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return "TractFS " + (version == null ? "(not from a jar)" : version) + ", Java "
                + System.getProperty("java.version");
    }
}
