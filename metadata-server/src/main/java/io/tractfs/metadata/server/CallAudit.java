package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.audit.AuditEvent;
import io.tractfs.metadata.audit.AuditLog;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.RenameRule;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.wire.auth.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Says of each call to the namespace what HDFS's audit log says of it: operations have the names that they have there;
 * what was refused for want of rights is not allowed, other errors are not told, and retries that are answered from the
 * retry cache neither. Thread-safe.
 */
final class CallAudit {
    private final AuditLog log;

    /** Tells a log. */
    CallAudit(AuditLog log) {
        this.log = log;
    }

    /** What is told of a command; null if nothing is. */
    private record Told(
            String command, String source, @Nullable String destination) {
        Told(String command, String source) {
            this(command, source, null);
        }
    }

    private static @Nullable Told told(FileCommand command) {
        if (command instanceof FileCommand.Create create) {
            return new Told("create", create.path());
        } else if (command instanceof FileCommand.Append append) {
            return new Told("append", append.path());
        } else if (command instanceof FileCommand.Rename rename) {
            return new Told(renameName(rename.rule()), rename.source(), rename.destination());
        } else if (command instanceof FileCommand.Delete delete) {
            return new Told("delete", delete.path());
        } else if (command instanceof FileCommand.Mkdirs mkdirs) {
            return new Told("mkdirs", mkdirs.path());
        } else if (command instanceof FileCommand.SetPermission set) {
            return new Told("setPermission", set.path());
        } else if (command instanceof FileCommand.SetOwner set) {
            return new Told("setOwner", set.path());
        } else if (command instanceof FileCommand.SetTimes set) {
            return new Told("setTimes", set.path());
        } else if (command instanceof FileCommand.SetReplication set) {
            return new Told("setReplication", set.path());
        } else if (command instanceof FileCommand.Truncate truncate) {
            return new Told("truncate", truncate.path());
        } else if (command instanceof FileCommand.Concat concat) {
            return new Told("concat", concat.sources().toString(), concat.target());
        }
        return null;
    }

    private static String renameName(RenameRule rule) {
        return switch (rule) {
            case LEGACY -> "rename";
            case STRICT -> "rename (options=[NONE])";
            case OVERWRITE -> "rename (options=[OVERWRITE])";
        };
    }

    /** Begins to watch a command of a caller. */
    Watch watch(Caller caller, FileCommand command) {
        return new Watch(caller, told(command), command instanceof FileCommand.Delete);
    }

    /** A command that is watched until its result is there. Thread-safe. */
    final class Watch implements io.tractfs.metadata.namespace.Call.Watcher {
        private final Caller caller;
        private final @Nullable Told told;
        private final boolean denialIsTold;
        private volatile boolean applied;
        private volatile @Nullable Attributes subject;

        private Watch(Caller caller, @Nullable Told told, boolean denialIsTold) {
            this.caller = caller;
            this.told = told;
            this.denialIsTold = denialIsTold;
        }

        @Override
        public void applied(@Nullable Attributes changed) {
            subject = changed;
            applied = true;
        }

        /** Tells how it ended. */
        void ended(Result result) {
            Told what = told;
            if (what == null) {
                return;
            }
            boolean denied = result instanceof Result.Refused refused && refused.code() == ErrorCode.PERMISSION_DENIED;
            boolean no = result.equals(Result.NO);
            if (denied || (applied && (!no || denialIsTold))) {
                log.log(event(
                        caller,
                        !denied && !no,
                        what.command(),
                        what.source(),
                        what.destination(),
                        denied ? null : subject));
            }
        }
    }

    /**
     * Tells of a read that went well.
     *
     * @param command name in HDFS
     */
    void read(Caller caller, String command, String path) {
        if (log.wants(command)) {
            log.log(event(caller, true, command, path, null, null));
        }
    }

    /**
     * Tells of a read that failed, if rights were missing, or if HDFS takes it for one that went well.
     *
     * @param missingIsFine whether HDFS answers nothing, not an error, where there is nothing
     */
    void failed(Caller caller, String command, String path, TractException error, boolean missingIsFine) {
        boolean missing = missingIsFine && error.code() == ErrorCode.NOT_FOUND;
        if (log.wants(command) && (missing || error.code() == ErrorCode.PERMISSION_DENIED)) {
            log.log(event(caller, missing, command, path, null, null));
        }
    }

    /** Tells of an operator's word on a store. */
    void operator(Caller caller, String command, String store, boolean allowed) {
        log.log(event(caller, allowed, command, store, null, null));
    }

    private static AuditEvent event(
            Caller caller,
            boolean allowed,
            String command,
            String source,
            @Nullable String destination,
            @Nullable Attributes subject) {
        return new AuditEvent(
                allowed,
                caller.effectiveUser(),
                caller.realUser(),
                caller.remoteAddress().getAddress(),
                command,
                source,
                destination,
                subject);
    }
}
