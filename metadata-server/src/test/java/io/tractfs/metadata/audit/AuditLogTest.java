package io.tractfs.metadata.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private static AuditEvent event(String command, String source) {
        return new AuditEvent(true, "u", "u", null, command, source, null, null);
    }

    @Test
    void writesEventsInOrderOnAThreadOfItsOwn() throws InterruptedException {
        try (AuditLog log = new AuditLog(true, Set.of("open"), lines::add)) {
            log.start();
            log.log(event("mkdirs", "/1"));
            log.log(event("open", "/2"));
            log.log(event("delete", "/3"));
            for (String source : List.of("/1", "/3")) {
                assertThat(lines.poll(10, TimeUnit.SECONDS)).contains("ip=null").contains("src=" + source + "\t");
            }
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void goesOnAfterALineThatCouldNotBeWritten() throws InterruptedException {
        AuditLog log = new AuditLog(true, Set.of(), line -> {
            if (line.contains("src=/bad")) {
                throw new IllegalStateException("scripted");
            }
            lines.add(line);
        });
        log.start();
        log.log(event("mkdirs", "/bad"));
        log.log(event("mkdirs", "/good"));
        assertThat(lines.poll(10, TimeUnit.SECONDS)).contains("src=/good");
        log.close();
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void writesNothingWhenItIsOff() {
        try (AuditLog log = new AuditLog(false, Set.of(), lines::add)) {
            log.start();
            assertThat(log.wants("mkdirs")).isFalse();
            log.log(event("mkdirs", "/1"));
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void dropsAndCountsWhatFindsTheQueueFullAndWritesTheRestWhenClosed() {
        CountDownLatch go = new CountDownLatch(1);
        AuditLog log = new AuditLog(true, Set.of(), line -> {
            awaitUninterruptibly(go);
            lines.add(line);
        });
        log.start();
        for (int i = 0; i < AuditLog.MAX_QUEUED + 10; i++) {
            log.log(event("mkdirs", "/" + i));
        }
        assertThat(log.dropped()).isBetween(9L, 10L);
        go.countDown();
        log.close();
        assertThat(lines).hasSize((int) (AuditLog.MAX_QUEUED + 10 - log.dropped()));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
