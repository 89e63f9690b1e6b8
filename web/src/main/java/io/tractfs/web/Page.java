package io.tractfs.web;

import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * An answer in plain text. Immutable.
 *
 * @param status of HTTP
 * @param text what is shown
 */
record Page(HttpResponseStatus status, String text) {
    static final Page UNAVAILABLE = new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, "unavailable\n");

    static Page ok(String text) {
        return new Page(HttpResponseStatus.OK, text);
    }

    static Page of(HttpResponseStatus status, String text) {
        return new Page(status, text + "\n");
    }
}
