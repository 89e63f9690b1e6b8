package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorClass;
import io.tractfs.error.ErrorCode;
import io.tractfs.metadata.proto.CallRecord;
import io.tractfs.metadata.proto.RefusalRecord;
import io.tractfs.metadata.proto.ResultRecord;
import io.tractfs.wire.proto.EmptyResponse;

/** {@link Result} as kept by the retry cache. Immutable. */
final class ResultCodec {
    private ResultCodec() {}

    /** Whether a result is kept: what the caller is told to try again, and leaderships, are asked for anew. */
    static boolean isKept(Result result) {
        if (result instanceof Result.Refused refused) {
            return refused.code().errorClass() != ErrorClass.RETRY;
        }
        return !(result instanceof Result.Held || result instanceof Result.EpochTaken);
    }

    /** Writes a remembered call. */
    static byte[] encode(RememberedCall call) {
        return CallRecord.newBuilder()
                .setCallId(call.number())
                .setTimeMs(call.timeMs())
                .setResult(encode(call.result()))
                .build()
                .toByteArray();
    }

    /** Reads a remembered call. */
    static RememberedCall decode(byte[] bytes) {
        CallRecord record = Records.parse(CallRecord.parser(), bytes);
        Result result = Records.decode("A remembered call", () -> decode(record.getResult()));
        return new RememberedCall(record.getCallId(), record.getTimeMs(), result);
    }

    private static ResultRecord encode(Result result) {
        ResultRecord.Builder record = ResultRecord.newBuilder();
        if (result instanceof Result.Done) {
            record.setDone(EmptyResponse.getDefaultInstance());
        } else if (result instanceof Result.Answer answer) {
            record.setAnswer(answer.value());
        } else if (result instanceof Result.Opened opened) {
            record.setOpened(FileStatusCodec.encode(opened.status()));
        } else if (result instanceof Result.Status status) {
            record.setStatus(FileStatusCodec.encode(status.status()));
        } else if (result instanceof Result.Recovering recovering) {
            record.setRecovering(FileStatusCodec.encode(recovering.status()));
        } else if (result instanceof Result.Refused refused) {
            record.setRefused(
                    RefusalRecord.newBuilder().setCode(refused.code().number()).setMessage(refused.message()));
        } else {
            throw new IllegalArgumentException("Not kept: " + result);
        }
        return record.build();
    }

    private static Result decode(ResultRecord record) {
        return switch (record.getKindCase()) {
            case DONE -> Result.DONE;
            case ANSWER -> new Result.Answer(record.getAnswer());
            case OPENED -> new Result.Opened(FileStatusCodec.decode(record.getOpened()));
            case STATUS -> new Result.Status(FileStatusCodec.decode(record.getStatus()));
            case RECOVERING -> new Result.Recovering(FileStatusCodec.decode(record.getRecovering()));
            case REFUSED ->
                new Result.Refused(
                        ErrorCode.ofNumber(record.getRefused().getCode()),
                        record.getRefused().getMessage());
            case KIND_NOT_SET -> throw new StoredFormatException("A remembered call has a result of unknown kind");
        };
    }
}
