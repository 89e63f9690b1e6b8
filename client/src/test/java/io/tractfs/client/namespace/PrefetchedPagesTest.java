package io.tractfs.client.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tractfs.client.FileInfo;
import io.tractfs.client.ListPage;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.FileStatusMessage;
import io.tractfs.wire.proto.ListEntries;
import io.tractfs.wire.proto.ListResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PrefetchedPagesTest {
    /** Names after which pages were asked for, and the pages, which the test brings. */
    private final List<String> asked = new ArrayList<>();

    private final List<CompletableFuture<ListResponse>> answers = new ArrayList<>();

    private final PrefetchedPages pages = new PrefetchedPages("/d", this::fetch, PrefetchedPagesTest::decoded);

    private CompletableFuture<ListResponse> fetch(String after) {
        asked.add(after);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    private static ListResponse page(boolean more, String... names) {
        ListEntries.Builder entries = ListEntries.newBuilder();
        for (String name : names) {
            entries.addEntries(FileStatusMessage.newBuilder().setName(name).setLength(7));
        }
        return ListResponse.newBuilder()
                .setEntries(entries.build().toByteString())
                .setLast(names[names.length - 1])
                .setMore(more)
                .build();
    }

    @Test
    void asksForTheNextPageBeforeTheCallerDoes() throws TractException {
        assertThat(asked).containsExactly("");
        answers.get(0).complete(page(true, "a", "b"));
        ListPage first = pages.next();
        assertThat(first.entries()).extracting(FileInfo::name).containsExactly("a", "b");
        assertThat(first.more()).isTrue();
        assertThat(asked).containsExactly("", "b");
        answers.get(1).complete(page(false, "c"));
        ListPage last = pages.next();
        assertThat(last.entries()).extracting(FileInfo::name).containsExactly("c");
        assertThat(last.more()).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void tellsOfAPageThatFailedWhenItIsAskedFor() throws TractException {
        answers.get(0).complete(page(true, "a"));
        ListPage first = pages.next();
        assertThat(first.entries()).hasSize(1);
        answers.get(1).completeExceptionally(new TractException(ErrorCode.NOT_FOUND, "gone"));
        assertThatThrownBy(pages::next)
                .isInstanceOfSatisfying(
                        TractException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void refusesEntriesThatCannotBeRead() {
        answers.get(0)
                .complete(ListResponse.newBuilder()
                        .setEntries(ByteString.copyFromUtf8("\u0007\u0007"))
                        .build());
        assertThatThrownBy(pages::next)
                .isInstanceOfSatisfying(
                        TractException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.MALFORMED));
    }

    private static List<FileInfo> decoded(List<FileStatusMessage> messages, String listed) throws TractException {
        List<FileInfo> infos = new ArrayList<>();
        for (FileStatusMessage message : messages) {
            infos.add(StatusDecoder.info(message));
        }
        return infos;
    }
}
