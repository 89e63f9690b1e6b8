package io.tractfs.hadoop;

import io.tractfs.error.TractException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.authorize.AuthorizationException;

/** Turns the client's errors into the exceptions that HDFS throws in their place; the cause is kept. Immutable. */
final class HadoopErrors {
    private HadoopErrors() {}

    /**
     * The exception that Hadoop expects.
     *
     * @throws UnsupportedOperationException for what the server does not have
     */
    static IOException translate(TractException error, String path) {
        IOException translated = withoutCause(error, path);
        if (translated != error && translated.getCause() == null) {
            translated.initCause(error);
        }
        return translated;
    }

    /** The same where the path was to be written: that a directory is there means that the name is taken. */
    static IOException translateForWriting(TractException error, String path) {
        return switch (error.code()) {
            case IS_A_DIRECTORY -> (IOException) new FileAlreadyExistsException(text(error, path)).initCause(error);
            default -> translate(error, path);
        };
    }

    private static IOException withoutCause(TractException error, String path) {
        String text = text(error, path);
        return switch (error.code()) {
            case NOT_FOUND, PARENT_NOT_FOUND, IS_A_DIRECTORY -> new FileNotFoundException(text);
            case ALREADY_EXISTS -> new FileAlreadyExistsException(text);
            case PARENT_NOT_DIRECTORY -> new ParentNotDirectoryException(text);
            case NOT_A_DIRECTORY -> new PathIsNotDirectoryException(path);
            case NOT_EMPTY -> new PathIsNotEmptyDirectoryException(path);
            case PERMISSION_DENIED -> new AccessControlException(text);
            case AUTHENTICATION_FAILED -> new AuthorizationException(text);
            case QUOTA_EXCEEDED, DISK_FULL, NAME_TOO_LONG, TOO_MANY_ENTRIES ->
                new ClusterStorageCapacityExceededException(text);
            case LEASE_CONFLICT, RECOVERY_IN_PROGRESS -> new FileBeingWrittenException(text);
            case UNSUPPORTED -> throw new UnsupportedOperationException(text, error);
            case DAMAGED, CHECKSUM_MISMATCH -> new ChecksumException(path + ": " + text, 0);
            case INVALID_PATH, INVALID_ARGUMENT, PATH_TOO_LONG, RENAME_INTO_SELF -> new IOException(text);
            case CONNECT_FAILED -> new ConnectException(text);
            case DEADLINE_EXCEEDED -> new SocketTimeoutException(text);
            case IO_ERROR ->
                error.getCause() instanceof InterruptedException ? new InterruptedIOException(text) : error;
            default -> error;
        };
    }

    private static String text(TractException error, String path) {
        return Objects.requireNonNullElse(error.getMessage(), error.code() + ": " + path);
    }
}
