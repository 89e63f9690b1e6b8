package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import io.tractfs.testkit.Relay;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;

/** A client of TractFS whose words reach the metadata server through a relay that can hold them back. Not thread-safe. */
final class TractSleeper implements Sleeper {
    /** A server may be as late with the last renewal that it got. */
    private static final long MARGIN_MS = 1_000;

    private final Relay relay;
    private final Session session;
    private final long softLimitMs;

    TractSleeper(Configuration cluster, long softLimitMs) throws IOException {
        this.softLimitMs = softLimitMs;
        URI server = FileSystem.getDefaultUri(cluster);
        relay = new Relay(server.getPort());
        Configuration relayed = new Configuration(cluster);
        FileSystem.setDefaultUri(relayed, server.getScheme() + "://127.0.0.1:" + relay.port());
        session = Actor.SLEEPER.open(relayed);
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public void fallAsleep(Collection<FSDataOutputStream> streams) {
        relay.pause();
    }

    @Override
    public void outlastSoftLimit() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(softLimitMs + MARGIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Nothing reaches the server. */
    @Override
    public void stayAsleep() {}

    /** Who opens a file renews all leases of its session, and there is one for each of the client's faces. */
    @Override
    public void wake() throws IOException {
        relay.resume();
        Path file = session.qualified(new Path("/user/alice/awake-" + relay.port()));
        session.files().create(file, true).close();
        session.context()
                .create(file, EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE), CreateOpts.createParent())
                .close();
        session.files().delete(file, false);
    }

    @Override
    public void close() throws IOException {
        relay.resume();
        try (relay) {
            session.files().close();
        }
    }
}
