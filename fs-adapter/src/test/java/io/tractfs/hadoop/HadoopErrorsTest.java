package io.tractfs.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

class HadoopErrorsTest {
    private static final Set<ErrorCode> UNCHECKED = EnumSet.of(ErrorCode.UNSUPPORTED);

    @Test
    void throwsWhatHdfsThrows() {
        Map<ErrorCode, Class<? extends IOException>> expected = Map.of(
                ErrorCode.NOT_FOUND, FileNotFoundException.class,
                ErrorCode.PARENT_NOT_FOUND, FileNotFoundException.class,
                ErrorCode.IS_A_DIRECTORY, FileNotFoundException.class,
                ErrorCode.ALREADY_EXISTS, FileAlreadyExistsException.class,
                ErrorCode.PARENT_NOT_DIRECTORY, ParentNotDirectoryException.class,
                ErrorCode.NOT_EMPTY, PathIsNotEmptyDirectoryException.class,
                ErrorCode.PERMISSION_DENIED, AccessControlException.class,
                ErrorCode.DISK_FULL, ClusterStorageCapacityExceededException.class,
                ErrorCode.LEASE_CONFLICT, FileBeingWrittenException.class);

        expected.forEach((code, type) -> assertThat(HadoopErrors.translate(new TractException(code, "text"), "/a"))
                .isExactlyInstanceOf(type));
    }

    @Test
    void keepsTheCauseOfEveryError() {
        for (ErrorCode code : EnumSet.complementOf(EnumSet.copyOf(UNCHECKED))) {
            TractException error = new TractException(code, "text");
            IOException translated = HadoopErrors.translate(error, "/a");

            if (translated != error) {
                assertThat(translated).as(code.name()).hasCause(error);
            }
        }
    }

    @Test
    void refusesPathsAndRequestsAsHadoopDoes() {
        assertThat(HadoopErrors.translate(new TractException(ErrorCode.INVALID_PATH, "text"), "/a"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("text");
        assertThatThrownBy(() -> HadoopErrors.translate(new TractException(ErrorCode.UNSUPPORTED, "text"), "/a"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void tellsAnInterruptFromABrokenDisk() {
        TractException interrupted = new TractException(ErrorCode.IO_ERROR, "text", new InterruptedException());
        TractException broken = new TractException(ErrorCode.IO_ERROR, "text");

        assertThat(HadoopErrors.translate(interrupted, "/a")).isInstanceOf(InterruptedIOException.class);
        assertThat(HadoopErrors.translate(broken, "/a")).isSameAs(broken);
    }

    @Test
    void takesADirectoryForATakenNameWhenWriting() {
        assertThat(HadoopErrors.translateForWriting(new TractException(ErrorCode.IS_A_DIRECTORY, "text"), "/a"))
                .isInstanceOf(FileAlreadyExistsException.class);
    }
}
