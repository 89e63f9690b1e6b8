package io.tractfs.client.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.CompactRowMessage;
import io.tractfs.wire.proto.GetTableRequest;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.TableMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TableCacheTest {
    private final List<GetTableRequest> requests = new ArrayList<>();
    private final List<CompletableFuture<TableMessage>> answers = new ArrayList<>();
    private final List<TableMessage> prepared = new ArrayList<>();
    private long now;
    private final TableCache cache = new TableCache(
            request -> {
                requests.add(request);
                CompletableFuture<TableMessage> answer = new CompletableFuture<>();
                answers.add(answer);
                return prepared.isEmpty() ? answer : CompletableFuture.completedFuture(prepared.remove(0));
            },
            new Clock() {
                @Override
                public long nanoTime() {
                    return now;
                }

                @Override
                public long wallMs() {
                    return 0;
                }
            });

    private static ByteString id(int number) {
        byte[] bytes = new byte[16];
        bytes[15] = (byte) number;
        return ByteString.copyFrom(bytes);
    }

    private static StoreInfoMessage store(int number) {
        return StoreInfoMessage.newBuilder()
                .setRef(StoreRefMessage.newBuilder().setStore(id(number)).setIncarnation(3))
                .setHost("host" + number)
                .setPort(7620)
                .build();
    }

    private static TableMessage.Builder full(long change) {
        return TableMessage.newBuilder()
                .setClusterId(id(9))
                .setEpoch(2)
                .setChange(change)
                .setRowCount(4)
                .setColumnCount(2)
                .setFull(true)
                .addStores(store(1))
                .addStores(store(2))
                .addRows(row(0, 5, 1, 2))
                .addRows(row(3, 6, 2, 0));
    }

    private static CompactRowMessage row(int index, long version, int first, int second) {
        return CompactRowMessage.newBuilder()
                .setIndex(index)
                .setVersion(version)
                .addStores(first)
                .addStores(second)
                .addHeld(3)
                .addHeld(2)
                .build();
    }

    @Test
    void asksAgainForThoseWhoOnlyLookOnceTheImageIsOld() throws TractException {
        prepared.addAll(List.of(full(7).build(), full(8).build(), full(8).build()));
        assertThat(cache.awaitRecent(100).sequence().change()).isEqualTo(7);
        now = 100;
        assertThat(cache.awaitRecent(100).sequence().change()).isEqualTo(7);
        assertThat(requests).hasSize(1);
        now = 101;
        assertThat(cache.awaitRecent(100).sequence().change()).isEqualTo(8);
        now = 201;
        assertThat(cache.awaitRecent(100).sequence().change()).isEqualTo(8);
        assertThat(requests).hasSize(2);
        now = 202;
        assertThat(cache.awaitRecent(100).sequence().change()).isEqualTo(8);
        assertThat(requests).as("an answer without news is news").hasSize(3);
    }

    @Test
    void givesTheOldImageToThoseWhoOnlyLookWhenTheLeaderDoesNotAnswer() throws TractException {
        prepared.add(full(7).build());
        cache.awaitRecent(100);
        prepared.add(TableMessage.newBuilder().setRowCount(-1).setFull(true).build());
        now = 1000;
        assertThat(cache.awaitRecent(100).sequence().change()).isEqualTo(7);
        assertThat(requests).hasSize(2);
    }

    @Test
    void fetchesTheWholeTableOnceHoweverManyAsk() {
        CompletableFuture<TableImage> first = cache.image();
        CompletableFuture<TableImage> second = cache.image();
        CompletableFuture<TableImage> third = cache.refresh(TableSequence.NONE);
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).getKnownEpoch()).isZero();
        answers.get(0).complete(full(7).build());
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        TableImage image = first.join();
        assertThat(image.rows()).hasSize(4);
        assertThat(image.rows().get(0).isInSync(0)).isTrue();
        assertThat(image.rows().get(1).version()).isEqualTo(RowVersion.NONE);
        assertThat(image.rows().get(3).columns().at(1)).isNull();
        assertThat(image.stores()).hasSize(2);
    }

    @Test
    void asksForWhatChangedSinceItsImage() {
        cache.image();
        answers.get(0).complete(full(7).build());
        TableImage old = cache.current().orElseThrow();
        CompletableFuture<TableImage> fresh = cache.refresh(old.sequence());
        assertThat(requests.get(1).getKnownEpoch()).isEqualTo(2);
        assertThat(requests.get(1).getKnownChange()).isEqualTo(7);
        answers.get(1)
                .complete(TableMessage.newBuilder()
                        .setClusterId(id(9))
                        .setEpoch(2)
                        .setChange(8)
                        .addStores(store(4))
                        .addRows(row(1, 9, 1, 0).toBuilder().setFrozen(2))
                        .build());
        Row changed = fresh.join().rows().get(1);
        assertThat(changed.version()).isEqualTo(new RowVersion(9));
        assertThat(changed.isFrozen(2)).isTrue();
        assertThat(changed.isFrozen(1)).isFalse();
        assertThat(fresh.join().rows().get(0)).isEqualTo(old.rows().get(0));
        assertThat(fresh.join().stores()).hasSize(3);
    }

    @Test
    void answersAtOnceWhenAnotherCallerHasRefreshedSince() {
        cache.image();
        answers.get(0).complete(full(7).build());
        TableSequence stale = cache.current().orElseThrow().sequence();
        cache.refresh(stale);
        answers.get(1).complete(full(8).build());
        assertThat(cache.refresh(stale)).isCompleted();
        assertThat(requests).hasSize(2);
    }

    @Test
    void neverGoesBackToAnOlderImage() {
        cache.image();
        answers.get(0).complete(full(7).build());
        CompletableFuture<TableImage> refreshed =
                cache.refresh(cache.current().orElseThrow().sequence());
        answers.get(1).complete(full(3).setEpoch(1).build());
        assertThat(refreshed.join().sequence().change()).isEqualTo(7);
    }

    @Test
    void keepsItsImageAndAsksAgainAfterAFailure() {
        cache.image();
        answers.get(0).complete(full(7).build());
        TableSequence stale = cache.current().orElseThrow().sequence();
        CompletableFuture<TableImage> failed = cache.refresh(stale);
        answers.get(1).completeExceptionally(new TractException(ErrorCode.CONNECT_FAILED, "down"));
        assertThat(failed).isCompletedExceptionally();
        assertThat(cache.current()).isPresent();
        cache.refresh(stale);
        assertThat(requests).hasSize(3);
    }

    @Test
    void refusesATableThatMakesNoSense() {
        CompletableFuture<TableImage> image = cache.image();
        answers.get(0).complete(full(7).addRows(row(17, 1, 1, 1)).build());
        assertThat(image).isCompletedExceptionally();
        assertThat(cache.current()).isEmpty();
        CompletableFuture<TableImage> again = cache.image();
        answers.get(1).complete(full(7).addRows(row(1, 1, 9, 1)).build());
        assertThat(again).isCompletedExceptionally();
    }

    @Test
    void keepsTheAddressOfTheLaterStartOfAStore() {
        StoreInfoMessage old = store(1).toBuilder()
                .setRef(store(1).getRef().toBuilder().setIncarnation(2))
                .setHost("unknown.invalid")
                .build();
        cache.image();
        answers.get(0).complete(full(7).addStores(old).addRows(row(1, 8, 3, 0)).build());
        TableImage image = cache.current().orElseThrow();
        assertThat(image.stores().values()).extracting(StoreInfo::host).containsExactlyInAnyOrder("host1", "host2");
    }
}
