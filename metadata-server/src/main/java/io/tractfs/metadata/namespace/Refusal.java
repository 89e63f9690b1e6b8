package io.tractfs.metadata.namespace;

import io.tractfs.error.ErrorCode;

/**
 * Carries a refused command's result up to {@link CommandRules}, which turns it into the value; never leaves the package.
 * Has no stack trace: it is an ordinary outcome. Immutable.
 */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Result result;

    /** A refusal with its code and message. */
    Refusal(ErrorCode code, String message) {
        this(new Result.Refused(code, message), message);
    }

    /** A refusal that is more than a code, or an answer that ends the command early. */
    Refusal(Result result, String message) {
        super(message, null, false, false);
        this.result = result;
    }

    /** Whether it is a refusal of a kind. */
    boolean is(ErrorCode code) {
        return result instanceof Result.Refused refused && refused.code() == code;
    }

    /** What the command gives. */
    Result result() {
        return result;
    }
}
