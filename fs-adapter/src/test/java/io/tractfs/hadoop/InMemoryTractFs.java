package io.tractfs.hadoop;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;

/** {@code FileContext}'s file system over clusters that are in memory. Thread-safe. */
public final class InMemoryTractFs extends TractFs {
    /** What Hadoop calls. */
    public InMemoryTractFs(URI uri, Configuration configuration) throws IOException, URISyntaxException {
        super(uri, configuration, new InMemoryTractFileSystem());
    }
}
