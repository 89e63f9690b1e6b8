package io.tractfs.metadata.namespace;

/** Hands each command to the rule that applies it, and turns refusals into results. Immutable. */
final class CommandRules {
    private CommandRules() {}

    /** Applies a command; a refusal leaves changes behind in the transaction, which its owner drops. */
    static Result apply(Execution execution, Command command) {
        try {
            if (command instanceof FileCommand file) {
                return applyFile(execution, file);
            } else if (command instanceof ClusterCommand cluster) {
                return applyCluster(execution, cluster);
            }
            throw new AssertionError("Neither of users nor of the leader: " + command);
        } catch (Refusal refusal) {
            return refusal.result();
        }
    }

    private static Result applyFile(Execution execution, FileCommand command) throws Refusal {
        if (command instanceof FileCommand.Create create) {
            return CreateRules.create(execution, create);
        } else if (command instanceof FileCommand.Append append) {
            return OpenFileRules.append(execution, append);
        } else if (command instanceof FileCommand.AddSegment add) {
            return OpenFileRules.addSegment(execution, add);
        } else if (command instanceof FileCommand.Complete complete) {
            return OpenFileRules.complete(execution, complete);
        } else if (command instanceof FileCommand.Abandon abandon) {
            return OpenFileRules.abandon(execution, abandon);
        } else if (command instanceof FileCommand.Rename rename) {
            return RenameRules.rename(execution, rename);
        } else if (command instanceof FileCommand.Delete delete) {
            return DeleteRules.delete(execution, delete);
        } else if (command instanceof FileCommand.Mkdirs mkdirs) {
            return CreateRules.mkdirs(execution, mkdirs);
        } else if (command instanceof FileCommand.SetPermission set) {
            return AttributeRules.setPermission(execution, set);
        } else if (command instanceof FileCommand.SetOwner set) {
            return AttributeRules.setOwner(execution, set);
        } else if (command instanceof FileCommand.SetTimes set) {
            return AttributeRules.setTimes(execution, set);
        } else if (command instanceof FileCommand.SetReplication set) {
            return AttributeRules.setReplication(execution, set);
        } else if (command instanceof FileCommand.Truncate truncate) {
            return DeleteRules.truncate(execution, truncate);
        } else if (command instanceof FileCommand.Concat concat) {
            return ConcatRules.concat(execution, concat);
        } else if (command instanceof FileCommand.RecoverLease recover) {
            return RecoveryRules.recoverLease(execution, recover);
        }
        throw new AssertionError("No rule for " + command);
    }

    private static Result applyCluster(Execution execution, ClusterCommand command) throws Refusal {
        if (command instanceof ClusterCommand.Format format) {
            return ClusterRules.format(execution, format);
        } else if (command instanceof ClusterCommand.TakeEpoch take) {
            return ClusterRules.takeEpoch(execution, take);
        } else if (command instanceof ClusterCommand.RegisterStore register) {
            return ClusterRules.registerStore(execution, register);
        } else if (command instanceof ClusterCommand.RemoveStore remove) {
            return ClusterRules.removeStore(execution, remove);
        } else if (command instanceof ClusterCommand.MarkStore mark) {
            return ClusterRules.markStore(execution, mark);
        } else if (command instanceof ClusterCommand.CommitFloors commit) {
            return ClusterRules.commitFloors(execution, commit);
        } else if (command instanceof ClusterCommand.TrimGarbage trim) {
            return ClusterRules.trimGarbage(execution, trim);
        } else if (command instanceof ClusterCommand.BeginRecovery begin) {
            return RecoveryRules.begin(execution, begin);
        } else if (command instanceof ClusterCommand.CommitRecovered commit) {
            return RecoveryRules.commit(execution, commit);
        } else if (command instanceof ClusterCommand.TouchFiles touch) {
            return AttributeRules.touch(execution, touch);
        } else if (command instanceof ClusterCommand.AdvanceReplication advance) {
            return ReplicationRules.advance(execution, advance);
        } else if (command instanceof ClusterCommand.Restore restore) {
            return RestoreRules.begin(execution, restore);
        } else if (command instanceof ClusterCommand.EndRestore end) {
            return RestoreRules.end(execution, end);
        } else if (command instanceof ClusterCommand.AllowDeletes) {
            return RestoreRules.allowDeletes(execution);
        } else if (command instanceof ClusterCommand.SweepDetached sweep) {
            return ClusterRules.sweep(execution, sweep);
        }
        throw new AssertionError("No rule for " + command);
    }
}
