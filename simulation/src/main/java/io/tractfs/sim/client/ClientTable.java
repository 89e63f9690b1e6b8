package io.tractfs.sim.client;

import io.tractfs.sim.kernel.Outcome;
import io.tractfs.table.TableImage;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The table as one client knows it; an older image than the present one is not taken. Not thread-safe. */
final class ClientTable {
    private static final int ATTEMPTS = 3;

    private final MetadataCaller metadata;
    private @Nullable TableImage image;

    ClientTable(MetadataCaller metadata) {
        this.metadata = metadata;
    }

    /** The image, once there is one. */
    Optional<TableImage> current() {
        return Optional.ofNullable(image);
    }

    /** Fetches a newer image; whatever comes of it, the consumer is told once. */
    void refresh(Runnable then) {
        refresh(ATTEMPTS, then);
    }

    private void refresh(int attempts, Runnable then) {
        metadata.<TableImage>once("table", (server, answer) -> server.table(answer), outcome -> {
            if (outcome instanceof Outcome.Answered<TableImage> fresh) {
                adopt(fresh.value());
                then.run();
            } else if (attempts > 1) {
                refresh(attempts - 1, then);
            } else {
                then.run();
            }
        });
    }

    private void adopt(TableImage fresh) {
        @Nullable TableImage known = image;
        if (known == null || fresh.sequence().compareTo(known.sequence()) > 0) {
            image = fresh;
        }
    }

    /** Waits for the first image. */
    void await(Consumer<TableImage> then, Consumer<Runnable> pause) {
        @Nullable TableImage known = image;
        if (known != null) {
            then.accept(known);
        } else {
            refresh(() -> pause.accept(() -> await(then, pause)));
        }
    }
}
