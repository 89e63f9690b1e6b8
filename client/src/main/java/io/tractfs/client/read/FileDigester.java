package io.tractfs.client.read;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.checksum.CombinedCrc;
import io.tractfs.client.DigestKind;
import io.tractfs.client.FileDigest;
import io.tractfs.client.FileInfo;
import io.tractfs.client.transport.Futures;
import io.tractfs.error.TractException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Works out the digest of a closed file from CRC32Cs that the tracts' members make of what they verified; the data stays
 * where it is. Ranges are asked for ahead, a bounded number at once, and taken in order. A member that fails, is short or
 * damaged is passed over as it is by reads. Thread-safe; calls wait.
 */
public final class FileDigester {
    private static final int MOST_AT_ONCE = 8;
    private static final int PIECE_BYTES = 8 << 20;

    private final TractFetcher fetcher;

    /** Asks through a fetcher. */
    public FileDigester(TractFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /** A range on its way. */
    private record Asked(CompletableFuture<IntBuffer> crcs, int length, boolean endsBlock) {}

    /**
     * The digest of a file's first bytes.
     *
     * @param file closed, with segments
     * @param most bytes wanted; the file's length if that is less
     */
    public FileDigest digest(FileInfo file, long most, DigestKind kind) throws TractException {
        FileLayout layout = new FileLayout(file.segments());
        long length = Math.min(most, layout.length());
        ByteBuffer bytes = switch (kind) {
            case BLOCK_MD5S -> blockMd5s(layout, length, file.blockSize());
            case CRC32C -> combined(layout, length);
        };
        return new FileDigest(length, file.blockSize(), bytes);
    }

    private ByteBuffer blockMd5s(FileLayout layout, long length, long blockSize) throws TractException {
        BlockMd5s md5s = new BlockMd5s();
        Deque<Asked> asked = new ArrayDeque<>();
        long position = 0;
        while (position < length || !asked.isEmpty()) {
            while (position < length && asked.size() < MOST_AT_ONCE) {
                long inBlock = position % blockSize;
                long blockLeft = Math.min(blockSize - inBlock, length - position);
                TractRange range = layout.rangeAt(position, blockLeft, PIECE_BYTES);
                int firstPiece = ChunkChecksums.CHUNK_SIZE - (int) (inBlock % ChunkChecksums.CHUNK_SIZE);
                asked.add(new Asked(ask(range, firstPiece, false), range.length(), range.length() == blockLeft));
                position += range.length();
            }
            Asked next = asked.remove();
            md5s.add(Futures.await(next.crcs()), next.length());
            if (next.endsBlock()) {
                md5s.finishBlock();
            }
        }
        return md5s.bytes();
    }

    private ByteBuffer combined(FileLayout layout, long length) throws TractException {
        Deque<Asked> asked = new ArrayDeque<>();
        long position = 0;
        int crc = 0;
        while (position < length || !asked.isEmpty()) {
            while (position < length && asked.size() < MOST_AT_ONCE) {
                TractRange range = layout.rangeAt(position, length - position, PIECE_BYTES);
                asked.add(new Asked(ask(range, ChunkChecksums.CHUNK_SIZE, true), range.length(), false));
                position += range.length();
            }
            Asked next = asked.remove();
            crc = CombinedCrc.of(crc, Futures.await(next.crcs()).get(), next.length());
        }
        return ByteBuffer.allocate(Integer.BYTES).putInt(crc).flip();
    }

    private CompletableFuture<IntBuffer> ask(TractRange range, int firstPiece, boolean combined) {
        ChecksumQuestion question = new ChecksumQuestion(fetcher.parts.stores(), range, firstPiece, combined);
        return fetcher.ask(range, question, new ReadMeter());
    }
}
